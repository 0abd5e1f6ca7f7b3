"""Faults of one scenario as another sees them, and two faults at once."""

from __future__ import annotations

from drill.compose.faults import containers, database, edge, herrings, memory, provider
from drill.compose.faults.means import both

SABOTAGES = {
    "database-stopped-behind-the-edge": containers.SABOTAGES["database-stopped"],
    "database-stopped-beside-the-ai": containers.SABOTAGES["database-stopped"],
    "database-stopped-beside-the-memory": containers.SABOTAGES["database-stopped"],
    "provider-stopped-behind-the-edge": containers.SABOTAGES["provider-stopped"],
    "provider-stopped-beside-the-database": containers.SABOTAGES["provider-stopped"],
    "api-stopped-before-the-database": containers.SABOTAGES["api-stopped"],
    "api-stopped-before-the-ai": containers.SABOTAGES["api-stopped"],
    "api-frozen-before-the-database": containers.SABOTAGES["api-frozen"],
    "api-paused-before-the-database": containers.SABOTAGES["api-paused"],
    "killed-behind-the-edge": memory.SABOTAGES["killed-and-gone"],
    "certificate-and-database": both(
        edge.SABOTAGES["certificate-expired"], containers.SABOTAGES["database-stopped"]
    ),
    "login-and-provider": both(
        database.SABOTAGES["login-revoked"], containers.SABOTAGES["provider-stopped"]
    ),
    "busy-seen-from-memory": herrings.SABOTAGES["busy-but-healthy"],
    "busy-seen-from-the-edge": herrings.SABOTAGES["busy-but-healthy"],
    "busy-seen-from-the-ai": herrings.SABOTAGES["busy-but-healthy"],
    "scaled-seen-from-the-edge": herrings.SABOTAGES["scaled-to-three"],
    "another-project-seen-from-memory": herrings.SABOTAGES["another-project-is-dead"],
    "another-project-seen-from-the-edge": herrings.SABOTAGES["another-project-is-dead"],
    "mock-mode-seen-from-the-database": provider.SABOTAGES["mock-mode"],
}
