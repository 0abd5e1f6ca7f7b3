"""Every fault there is: what people read about it, and how it is put in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from drill.faults import (
    access,
    api,
    database,
    disk,
    edge,
    elsewhere,
    herrings,
    memory,
    network,
    provider,
    sessions,
)
from drill.faults.fault import Fault, read_faults
from drill.faults.sabotage import Sabotage
from drill.parts import has_road
from drill.place import Drill
from drill.storage import is_bounded

__all__ = ["SABOTAGES", "Fault", "Sabotage", "available", "faults"]

SABOTAGES: dict[str, Sabotage] = {
    **database.SABOTAGES,
    **access.SABOTAGES,
    **sessions.SABOTAGES,
    **network.SABOTAGES,
    **disk.SABOTAGES,
    **api.SABOTAGES,
    **provider.SABOTAGES,
    **edge.SABOTAGES,
    **memory.SABOTAGES,
    **herrings.SABOTAGES,
    **elsewhere.SABOTAGES,
}


@cache
def faults() -> dict[str, Fault]:
    """All faults of the embedded drill by name, in the order of the file."""
    return read_faults("drill")


def available(fault: Fault, drill: Drill) -> bool:
    """Whether the fault can be put into this drill."""
    return fault.needs is None or _THERE[fault.needs](drill)


def _may_swap(drill: Drill) -> bool:
    return bool(drill.state.limited) and memory.can_swap()


_THERE: dict[str, Callable[[Drill], bool]] = {
    "disk": is_bounded,
    "road": has_road,
    "limits": lambda drill: bool(drill.state.limited),
    "swap": _may_swap,
}
