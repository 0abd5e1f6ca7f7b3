"""Shifts derived from the rules of duty and what departs from them, by the clock on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

from runbook.model import ROLES, Override, Overrides, Rotation, Rule, Swap
from runbook.words import say

HORIZON = timedelta(weeks=26)
"""How far ahead duty is told: whoever reads a copy knows who is on duty for so long."""

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Roster:
    """All that decides who is on duty."""

    rotation: Rotation
    overrides: Overrides


@dataclass(frozen=True)
class Shift:
    """A stretch of duty `[since, until)`: the moment of handover belongs to the incoming people.

    `week` is the date of the handover it belongs to; `changes` are the swaps and overrides in
    force.  It ends at the next handover, or where an override begins or ends.
    """

    primary: str
    secondary: str
    since: datetime
    until: datetime
    week: date
    changes: tuple[Swap | Override, ...] = ()


def shift_at(roster: Roster, moment: datetime) -> Shift:
    """The shift that `moment` falls into; raises ValueError where nobody is on duty."""
    if moment.tzinfo is None:
        raise ValueError(say("oncall.no_zone", moment=moment.isoformat(sep=" ")))
    # Two times of one zone are compared by their wall clocks, which repeat an hour in autumn:
    # only UTC orders them truly.
    at = moment.astimezone(UTC)
    rule, day, since, until = _week_at(roster.rotation, at)
    for override in roster.overrides.overrides:
        for edge in span(roster.rotation, override):
            if since < edge <= at:
                since = edge
            elif at < edge < until:
                until = edge
    duty = {role: _turn(roster, rule, role, day) for role in ROLES}
    changes: list[Swap | Override] = [
        swap
        for swap in roster.overrides.swaps
        if day in (swap.first, swap.second) and beginning(roster.rotation, day) == rule
    ]
    for override in roster.overrides.overrides:
        begin, end = span(roster.rotation, override)
        if begin <= at < end:
            duty[override.role] = override.person
            changes.append(override)
    return Shift(
        **duty,
        since=since.astimezone(rule.tz),
        until=until.astimezone(rule.tz),
        week=day,
        changes=tuple(changes),
    )


def shifts(roster: Roster, start: datetime) -> Iterator[Shift]:
    """The shift at `start` and all after it, until nobody is on duty any more."""
    moment = start
    while True:
        try:
            shift = shift_at(roster, moment)
        except (ValueError, OverflowError):
            return
        yield shift
        moment = shift.until


def coming(roster: Roster, now: datetime) -> list[Shift]:
    """The shift at `now`, or the first one of all, and those that begin before the horizon."""
    _, first, _ = next(in_force(roster.rotation))
    begun = shifts(roster, max(now.astimezone(UTC), first))
    return list(takewhile(lambda one: one.since.astimezone(UTC) < now + HORIZON, begun))


def span(rotation: Rotation, override: Override) -> tuple[datetime, datetime]:
    """The instants at which the override begins and ends."""
    return tuple(  # type: ignore[return-value]
        instant(edge, rotation.rule_on(edge.date())) for edge in (override.since, override.until)
    )


def in_force(rotation: Rotation) -> Iterator[tuple[Rule, datetime, datetime | None]]:
    """Every rule with the instants between which it decides; None where nothing ends it."""
    rules = sorted(rotation.rules, key=lambda rule: handover(rule, rule.start))
    for index, rule in enumerate(rules):
        ends = [handover(following, following.start) for following in rules[index + 1 : index + 2]]
        if rule.until:
            ends.append(handover(rule, rule.until))
        yield rule, handover(rule, rule.start), min(ends, default=None)


def handover(rule: Rule, day: date) -> datetime:
    """The instant of the handover on that day."""
    return instant(datetime.combine(day, rule.handover), rule)


def instant(wall: datetime, rule: Rule) -> datetime:
    """The instant, in UTC, at which the clock on the wall shows that time.

    A time that occurs twice is taken the first time; one that is skipped, as much later as the
    clock was put forward.
    """
    return wall.replace(tzinfo=rule.tz).astimezone(UTC)


def beginning(rotation: Rotation, day: date) -> Rule | None:
    """The rule by which a shift begins on that day, the later one where two do; or none."""
    for rule, since, until in reversed(list(in_force(rotation))):
        begin = handover(rule, day)
        whole_weeks = (day - rule.start).days % 7 == 0
        if whole_weeks and since <= begin and (until is None or begin < until):
            return rule
    return None


def _turn(roster: Roster, rule: Rule, role: str, day: date) -> str:
    """Whose turn it is in the shift that begins by this rule on that day, after the swaps."""
    whose, by = day, rule
    if beginning(roster.rotation, day) == rule:
        # The person who came last is found by undoing the last swap first.
        for swap in reversed(roster.overrides.swaps):
            if swap.role == role and whose in (swap.first, swap.second):
                whose = swap.second if whose == swap.first else swap.first
        by = beginning(roster.rotation, whose) or rule
    weeks = (whose - by.start).days // 7
    return str(getattr(by.weeks[weeks % len(by.weeks)], role))


def _week_at(rotation: Rotation, at: datetime) -> tuple[Rule, date, datetime, datetime]:
    """The rule in force, the day of its last handover, and the instants of that and the next one.

    A week is seven days of the calendar, not 604,800 seconds.
    """
    ended: tuple[Rule, datetime] | None = None
    for rule, since, until in in_force(rotation):
        if at < since:
            break
        if until is not None and until <= at:
            ended = rule, until
            continue
        days = (at.astimezone(rule.tz).date() - rule.start).days
        day = rule.start + timedelta(days=days - days % 7)
        if at < handover(rule, day):
            day -= _WEEK
        elif at >= handover(rule, day + _WEEK):
            day += _WEEK
        following = handover(rule, day + _WEEK)
        return rule, day, handover(rule, day), min(following, until) if until else following
    if ended:
        rule, end = ended
        raise ValueError(say("oncall.nobody", end=_local(rule, end)))
    first, begin, _ = next(in_force(rotation))
    raise ValueError(say("oncall.before_start", begin=_local(first, begin)))


def _local(rule: Rule, at: datetime) -> str:
    return at.astimezone(rule.tz).isoformat(sep=" ", timespec="minutes")
