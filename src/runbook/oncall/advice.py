"""Rules of the roster that a wise one keeps: breaking them must not stop a responder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from runbook.model import Swap
from runbook.oncall.question import Flaw, Question
from runbook.oncall.timeline import Shift, handover, instant, span


def across_handover(ask: Question) -> Iterator[Flaw]:
    """An override that goes on into the next shift."""
    for at, override in enumerate(ask.roster.overrides.overrides):
        begin, end = span(ask.roster.rotation, override)
        weeks = {s.week for s in ask.around(begin, end) if s.since < end and begin < s.until}
        if len(weeks) > 1:
            yield Flaw("across_handover", "overrides", ("overrides", at))


def back_to_back(ask: Question) -> Iterator[Flaw]:
    """One person first in line two shifts running."""
    for at, rule in enumerate(ask.roster.rotation.rules):
        for week, duty in enumerate(rule.weeks):
            if duty.primary == rule.weeks[week - 1].primary:
                here = ("rules", at, "weeks", week, "primary")
                yield Flaw("back_to_back", "rotation", here, {"name": duty.primary})
    for _, (at, rule) in pairwise(ask.rules):
        begin = handover(rule, rule.start)
        for before, after in pairwise(ask.around(begin, begin)):
            if after.since == begin and before.primary == after.primary:
                facts = {"name": after.primary}
                yield Flaw("back_to_back", "rotation", ("rules", at, "start"), facts)
    for place, since, until, change in ask.changes:
        if isinstance(change, Swap) and change.role == "primary":
            turns = {shift.week: shift.primary for shift in ask.around(since, until)}
            for (day, one), (following, other) in pairwise(turns.items()):
                if one == other and {day, following} & {change.first, change.second}:
                    yield Flaw("back_to_back", "overrides", place, {"name": one})


def too_little_rest(ask: Question) -> Iterator[Flaw]:
    """One person first in line again too soon."""
    for place, since, until, change in ask.changes:
        if isinstance(change, Swap) or change.role != "primary":
            continue
        mine = [s for s in ask.around(since, until) if s.primary == change.person]
        for one, other in pairwise(mine):
            ours = change in one.changes or change in other.changes
            if ours and _apart(one, other) < ask.roster.rotation.rest and one.week != other.week:
                yield Flaw("too_little_rest", "overrides", place, {"name": change.person})
                break


def leave_during_shift(ask: Question) -> Iterator[Flaw]:
    """Somebody away while on duty."""
    for at, leave in enumerate(ask.roster.overrides.leave):
        rule = ask.roster.rotation.rule_on(leave.first)
        since, until = (
            instant(datetime.combine(day, datetime.min.time()), rule)
            for day in (leave.first, leave.last + timedelta(days=1))
        )
        for shift in ask.around(since, until):
            if leave.person in (shift.primary, shift.secondary) and leave.covers(
                shift.since, shift.until
            ):
                facts = {"name": leave.person, "day": max(shift.since.date(), leave.first)}
                yield Flaw("leave_during_shift", "overrides", ("leave", at), facts)
                break


def ends_soon(ask: Question) -> Iterator[Flaw]:
    """A roster that is about to end."""
    at, rule = ask.rules[-1]
    if ask.now and rule.until:
        left = handover(rule, rule.until) - ask.now.astimezone(UTC)
        if left < ask.roster.rotation.notice:
            yield Flaw("ends_soon", "rotation", ("rules", at, "until"), {"end": rule.until})


def _apart(one: Shift, other: Shift) -> timedelta:
    return other.since.astimezone(UTC) - one.until.astimezone(UTC)
