"""Faults of one scenario as another sees them, and two faults at once."""

from __future__ import annotations

from drill.faults import access, api, database, edge, memory, provider
from drill.faults.sabotage import Sabotage
from drill.place import Drill


def _both(*faults: Sabotage) -> Sabotage:
    """Each is put in, one after the other, and all hold."""

    def inject(drill: Drill) -> None:
        for one in faults:
            one.inject(drill)

    return Sabotage(
        inject,
        lambda drill: all(one.holds(drill) for one in faults),
        any(one.needs_api_restart for one in faults),
    )


SABOTAGES = {
    "database-stopped-behind-the-edge": database.SABOTAGES["database-stopped"],
    "database-stopped-beside-the-ai": database.SABOTAGES["database-stopped"],
    "database-stopped-beside-the-memory": database.SABOTAGES["database-stopped"],
    "provider-stopped-behind-the-edge": provider.SABOTAGES["provider-stopped"],
    "api-stopped-before-the-ai": api.SABOTAGES["api-stopped"],
    "certificate-and-database": _both(
        edge.SABOTAGES["certificate-expired"], database.SABOTAGES["database-stopped"]
    ),
    "login-and-provider": _both(
        access.SABOTAGES["login-revoked"], provider.SABOTAGES["provider-stopped"]
    ),
    "leak-and-no-provider": _both(
        memory.SABOTAGES["leaking-release"], provider.SABOTAGES["provider-stopped"]
    ),
    "busy-seen-from-memory": api.SABOTAGES["busy-but-healthy"],
    "busy-seen-from-the-edge": api.SABOTAGES["busy-but-healthy"],
    "busy-seen-from-the-ai": api.SABOTAGES["busy-but-healthy"],
    "mock-mode-seen-from-the-database": provider.SABOTAGES["mock-mode"],
}
