"""What the rules of the roster are asked about, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from runbook.model import ROLES, Override, Rule, Swap
from runbook.oncall.timeline import Roster, Shift, handover, in_force, shifts, span

Place = tuple[str | int, ...]
WEEK = timedelta(weeks=1)
_LONGEST = 520  # shifts looked at for one entry


@dataclass(frozen=True)
class Flaw:
    """One thing wrong: the rule it breaks, the file and the place in it, facts for the sentence."""

    rule: str
    file: str
    place: Place
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What the rules are asked about; `phones` says of every known person whether they have one."""

    roster: Roster
    phones: Mapping[str, bool]
    now: datetime | None = None

    @property
    def rules(self) -> list[tuple[int, Rule]]:
        """The rules of duty with their places, in the order in which they begin."""
        found = enumerate(self.roster.rotation.rules)
        return sorted(found, key=lambda one: handover(one[1], one[1].start))

    @property
    def named(self) -> Iterator[tuple[str, Place, str]]:
        """Everybody who is named: the file, the place, and the name."""
        for at, rule in enumerate(self.roster.rotation.rules):
            for week, duty in enumerate(rule.weeks):
                for role in ROLES:
                    yield "rotation", ("rules", at, "weeks", week, role), getattr(duty, role)
        for at, override in enumerate(self.roster.overrides.overrides):
            yield "overrides", ("overrides", at, "person"), override.person
            yield "overrides", ("overrides", at, "instead_of"), override.instead_of
        for at, leave in enumerate(self.roster.overrides.leave):
            yield "overrides", ("leave", at, "person"), leave.person

    def around(self, since: datetime, until: datetime) -> Iterator[Shift]:
        """The shifts from a week before to a week after, as far as somebody is on duty."""
        begin = max(since - WEEK, next(in_force(self.roster.rotation))[1])
        for shift in islice(shifts(self.roster, begin), _LONGEST):
            if shift.since >= until + WEEK:
                return
            yield shift

    @property
    def changes(self) -> Iterator[tuple[Place, datetime, datetime, Swap | Override]]:
        """Every swap and override with its place, and the instants around which to look."""
        for at, swap in enumerate(self.roster.overrides.swaps):
            for day in (swap.first, swap.second):
                begin = handover(self.roster.rotation.rule_on(day), day)
                yield ("swaps", at), begin, begin + WEEK, swap
        for at, override in enumerate(self.roster.overrides.overrides):
            yield ("overrides", at), *span(self.roster.rotation, override), override
