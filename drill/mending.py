"""Making every part of the embedded drill good, whatever was done to it."""

from __future__ import annotations

from drill.faults import SABOTAGES, api, database, disk, edge, memory, network, provider
from drill.place import Drill


def mend(drill: Drill, fault: str | None) -> None:
    """Every part is as it was when the drill came up.

    No part asks which fault it was: each is made good, from the bottom up, whatever was done to
    it and however far.  So a fault that was half put in, or healed by hand, heals the same way.
    """
    # A claim that cannot be read may have been for any fault.
    by_restart = fault is not None and (
        fault not in SABOTAGES or SABOTAGES[fault].needs_api_restart
    )
    network.mend(drill)
    disk.mend(drill)
    database.mend(drill)
    memory.mend(drill)
    provider.mend(drill)
    edge.mend(drill)
    api.mend(drill, by_restart=by_restart)
    memory.forget(drill)
