"""Who is on duty: the rule, what departs from it, and who is away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, NaiveDatetime

from runbook.model.base import Frozen, Slug, Text, unlike
from runbook.model.people import Duration, WallClock, Within, in_schema, written

Role = Literal["primary", "secondary"]
ROLES: tuple[Role, Role] = ("primary", "secondary")


def _known_zone(name: str) -> str:
    # To list all zones there are takes longer than to read all of data/.
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise unlike("Asia/Shanghai") from None
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
_DAY = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DAY} [0-9]{{2}}:[0-9]{{2}}"

Day = Annotated[date, written("2026-11-02", _DAY), in_schema(_DAY)]
"""A date of this century: no roster is planned for the year 206 or 2206."""

Moment = Annotated[NaiveDatetime, written("2026-12-01 18:00", _MOMENT), in_schema(_MOMENT)]
"""A time on the wall, in the zone of the rotation at that time."""


class Duty(Frozen):
    """The two people of one week of the rotation, by contact id."""

    primary: Slug
    secondary: Slug


class Rule(Frozen):
    """A rule by which duty passes from week to week.

    It is in force from the wall-clock time `handover` of the date `start` until that of `until`,
    and in any case only until the next rule begins: so a new rule never rewrites the past.
    """

    start: Day
    until: Day | None = None
    zone: Zone
    handover: WallClock
    weeks: tuple[Duty, ...] = Field(min_length=1)

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose wall clock decides the handover."""
        return ZoneInfo(self.zone)


class Rotation(Frozen):
    """The rules of duty one after the other, and what the linter of the roster asks of them."""

    rest: Within
    notice: Duration
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the newest rule: the clock the team lives by."""
        return self.rules[-1].tz

    def rule_on(self, day: date) -> Rule:
        """The rule that has begun by that day; the first one for a day before them all."""
        begun = [rule for rule in self.rules if rule.start <= day]
        return max(begun, key=lambda rule: rule.start, default=self.rules[0])

    def rules_from(self, day: date) -> tuple[Rule, ...]:
        """The rule of that day and all that follow it."""
        now = self.rule_on(day)
        return tuple(rule for rule in self.rules if rule.start >= now.start)


class Swap(Frozen):
    """Two shifts, named by the dates of their handovers, whose people of one role change places."""

    role: Role
    first: Day
    second: Day
    why: Text


class Override(Frozen):
    """For a while, somebody instead of the one whose turn it is."""

    role: Role
    person: Slug
    instead_of: Slug
    since: Moment
    until: Moment
    why: Text


class Leave(Frozen):
    """Days on which somebody cannot be called, the last one included."""

    person: Slug
    first: Day
    last: Day
    why: Text

    def covers(self, since: datetime, until: datetime) -> bool:
        """Whether any of `[since, until)`, read from the wall, is on one of the days."""
        return (
            since.date() <= self.last and (until - timedelta(microseconds=1)).date() >= self.first
        )


class Overrides(Frozen):
    """What departs from the rules, in rising precedence: swaps, then overrides; and who is away."""

    swaps: tuple[Swap, ...]
    overrides: tuple[Override, ...]
    leave: tuple[Leave, ...]
