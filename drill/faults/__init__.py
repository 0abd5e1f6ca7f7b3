"""Every fault there is: what people read about it, and how it is put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

import yaml

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
from drill.faults.sabotage import Sabotage
from drill.parts import has_road
from drill.place import Drill
from drill.storage import is_bounded
from drill.words import say
from runbook.errors import BadInput

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


@dataclass(frozen=True)
class Fault:
    """One entry of `faults.yml`."""

    fault: str
    scenario: str
    expected: tuple[str, ...]
    """The causes a diagnosis must confirm; none for a control."""
    title: str
    needs: str | None = None
    """What it takes beside a drill: a disk of its own, a road, limits of memory, or swap."""

    felt_by_all: bool = False
    """Whether every drill on the machine feels it: it swaps, or fills the kernel's log."""


@cache
def faults() -> dict[str, Fault]:
    """All faults by name, in the order of the file."""
    text = resources.files("drill").joinpath("faults.yml").read_text(encoding="utf-8")
    return {
        name: Fault(fault=name, **{**facts, "expected": tuple(facts["expected"])})
        for name, facts in yaml.safe_load(text).items()
    }


def named(name: str) -> Fault:
    """The fault of this name; what was probably meant when there is none."""
    if name in faults():
        return faults()[name]
    close = get_close_matches(name, faults(), n=3, cutoff=0.5)
    hint = say("break.hint", names=" / ".join(close)) if close else ""
    raise BadInput(say("break.unknown", fault=name, hint=hint))


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
