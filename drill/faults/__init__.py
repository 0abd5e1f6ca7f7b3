"""Every fault there is: what people read about it, and how it is put in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

import yaml

from drill.faults import access, api, database, disk, network, sessions
from drill.faults.sabotage import Sabotage
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
}


@dataclass(frozen=True)
class Fault:
    """One entry of `faults.yml`."""

    fault: str
    scenario: str
    expected: tuple[str, ...]
    """The causes a diagnosis must confirm; none for a control."""
    title: str
    needs_root: bool = False


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


def available(fault: Fault, drill: Drill | None) -> bool:
    """Whether the fault can be put into this drill, or into the one that would come up."""
    if not fault.needs_root:
        return True
    return is_bounded(drill) if drill else os.geteuid() == 0
