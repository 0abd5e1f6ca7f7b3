"""What is wrong with the roster, as problems that stand somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem
from runbook.model import Overrides, Rotation
from runbook.oncall import Flaw, Roster, flaws
from runbook.words import nearest, say


def roster_problems(
    documents: Mapping[str, Document],
    people: Mapping[str, Any],
    rotation: Rotation,
    overrides: Overrides,
    *,
    stops: bool,
    now: datetime | None = None,
) -> Iterator[Problem]:
    """The rules of the roster that are broken: those that make it untrustworthy, or the others.

    `people` are the contacts as they stand in the file, so that a slip there raises no alarm here.
    """
    phones = {
        name: not isinstance(one, dict) or bool(one.get("phone")) for name, one in people.items()
    }
    for flaw in flaws(Roster(rotation, overrides), phones, stops=stops, now=now):
        yield Problem(
            documents[flaw.file].where(flaw.place),
            say(f"roster.{flaw.rule}", **flaw.facts),
            say(f"roster.{flaw.rule}_do", hint=_hint(flaw, phones)),
        )


def _hint(flaw: Flaw, known: Mapping[str, bool]) -> str:
    return nearest(str(flaw.facts.get("name", "")), known)
