"""What people read about a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources

import yaml

from drill.words import say
from runbook.errors import BadInput


@dataclass(frozen=True)
class Fault:
    """One entry of a `faults.yml`."""

    fault: str
    scenario: str
    expected: tuple[str, ...]
    """The causes a diagnosis must confirm; none for a control."""
    title: str
    needs: str | None = None
    """What it takes beside a drill: a disk of its own, a road, limits of memory, or swap."""

    felt_by_all: bool = False
    """Whether every drill on the machine feels it: it swaps, or fills the kernel's log."""


def read_faults(package: str) -> dict[str, Fault]:
    """All faults of the package's `faults.yml` by name, in the order of the file."""
    text = resources.files(package).joinpath("faults.yml").read_text(encoding="utf-8")
    return {
        name: Fault(fault=name, **{**facts, "expected": tuple(facts["expected"])})
        for name, facts in yaml.safe_load(text).items()
    }


def named(name: str, faults: Mapping[str, Fault]) -> Fault:
    """The fault of this name; what was probably meant when there is none."""
    if name in faults:
        return faults[name]
    close = get_close_matches(name, faults, n=3, cutoff=0.5)
    hint = say("break.hint", names=" / ".join(close)) if close else ""
    raise BadInput(say("break.unknown", fault=name, hint=hint))
