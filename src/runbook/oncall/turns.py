"""Duty as the entries of a calendar: one role, one person, and what was told of it before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby, takewhile
from operator import attrgetter

from runbook.model import ROLES, Override, Overrides, Swap
from runbook.model.roster import Role
from runbook.oncall.timeline import Roster, beginning, handover, in_force, shifts, span


@dataclass(frozen=True)
class Turn:
    """A stretch `[since, until)` of one week of duty in which one role is one person's.

    `key` names it for ever: the role, the date of the handover, and for what an override cuts off
    the instant at which that begins.  `revision` counts how often swaps and overrides have changed
    what stands under the key.  A turn `given_up` was this person's before one of them.
    """

    key: str
    role: Role
    person: str
    since: datetime
    until: datetime
    changes: tuple[Swap | Override, ...]
    revision: int = 0
    given_up: bool = False


def turns(roster: Roster, since: datetime, until: datetime) -> Iterator[Turn]:
    """The turns of every week of duty from the one at `since` to the last begun before `until`.

    What was given up comes before what holds under the same key.
    """
    _, start, _ = next(in_force(roster.rotation))
    first = next(shifts(roster, max(since.astimezone(UTC), start)), None)
    if first is None:
        return
    rule = beginning(roster.rotation, first.week) or roster.rotation.rule_on(first.week)
    for week, group in groupby(shifts(roster, handover(rule, first.week)), key=attrgetter("week")):
        parts = list(group)
        begin, end = (edge.astimezone(UTC) for edge in (parts[0].since, parts[-1].until))
        if begin >= until:
            return
        yield from _week(roster, week, begin, end)


def _week(roster: Roster, week: date, begin: datetime, end: datetime) -> Iterator[Turn]:
    """The turns of one week, told anew for each change of it in the order in which they count."""
    changes: list[Swap | Override] = [
        *(one for one in roster.overrides.swaps if week in (one.first, one.second)),
        *(one for one in roster.overrides.overrides if _within(roster, one, begin, end)),
    ]
    told: dict[str, list[Turn]] = {}
    now: dict[str, Turn] = {}
    for count in range(len(changes) + 1):
        now = {one.key: one for one in _pieces(_without(roster, changes[count:]), week, begin, end)}
        for key, turn in now.items():
            states = told.setdefault(key, [])
            if not states or states[-1] != turn:
                states.append(turn)
    for key, states in told.items():
        holds = now.get(key)
        for revision, state in enumerate(states, 1):
            if holds is None or state.person != holds.person:
                yield replace(state, revision=revision, given_up=True)
        if holds is not None:
            yield replace(holds, revision=len(states) - 1)


def _pieces(roster: Roster, week: date, begin: datetime, end: datetime) -> Iterator[Turn]:
    """Each role's stretches of one person; what the other role does cuts none of them."""
    parts = list(takewhile(lambda shift: shift.since.astimezone(UTC) < end, shifts(roster, begin)))
    for role in ROLES:
        for person, group in groupby(parts, key=attrgetter(role)):
            stretch = list(group)
            since = stretch[0].since
            key = f"{role}-{week:%Y%m%d}"
            if since.astimezone(UTC) > begin:
                key += f"-{since.astimezone(UTC):%Y%m%dT%H%M}"
            changes = (one for shift in stretch for one in shift.changes if one.role == role)
            yield Turn(key, role, person, since, stretch[-1].until, tuple(dict.fromkeys(changes)))


def _without(roster: Roster, changes: list[Swap | Override]) -> Roster:
    kept = Overrides(
        swaps=tuple(one for one in roster.overrides.swaps if one not in changes),
        overrides=tuple(one for one in roster.overrides.overrides if one not in changes),
        leave=roster.overrides.leave,
    )
    return Roster(roster.rotation, kept)


def _within(roster: Roster, override: Override, begin: datetime, end: datetime) -> bool:
    since, until = span(roster.rotation, override)
    return since < end and begin < until
