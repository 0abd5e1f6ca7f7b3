"""Rules of the roster without which nobody can say who is on duty."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from runbook.model import Overrides
from runbook.oncall.question import Flaw, Question
from runbook.oncall.timeline import Roster, beginning, handover, span


def unknown_person(ask: Question) -> Iterator[Flaw]:
    """Somebody the contacts do not know."""
    for file, place, name in ask.named:
        if name not in ask.phones:
            yield Flaw("unknown_person", file, place, {"name": name})


def no_phone(ask: Question) -> Iterator[Flaw]:
    """Somebody on duty who cannot be called."""
    for file, place, name in ask.named:
        on_duty = place[0] != "leave" and place[-1] != "instead_of"
        if on_duty and not ask.phones.get(name, True):
            yield Flaw("no_phone", file, place, {"name": name})


def same_person(ask: Question) -> Iterator[Flaw]:
    """One person in both roles."""
    for at, rule in enumerate(ask.roster.rotation.rules):
        for week, duty in enumerate(rule.weeks):
            if duty.primary == duty.secondary:
                yield Flaw("same_person", "rotation", ("rules", at, "weeks", week))
    for place, since, until, change in ask.changes:
        if any(
            one.primary == one.secondary and change in one.changes
            for one in ask.around(since, until)
        ):
            yield Flaw("same_person", "overrides", place)


def backwards(ask: Question) -> Iterator[Flaw]:
    """An end before its beginning."""
    for at, rule in enumerate(ask.roster.rotation.rules):
        if rule.until and rule.until <= rule.start:
            yield Flaw("backwards", "rotation", ("rules", at, "until"))
    for at, override in enumerate(ask.roster.overrides.overrides):
        if override.until <= override.since:
            yield Flaw("backwards", "overrides", ("overrides", at, "until"))
    for at, leave in enumerate(ask.roster.overrides.leave):
        if leave.last < leave.first:
            yield Flaw("backwards", "overrides", ("leave", at, "last"))


def with_oneself(ask: Question) -> Iterator[Flaw]:
    """A swap or an override with oneself."""
    for at, override in enumerate(ask.roster.overrides.overrides):
        if override.person == override.instead_of:
            yield Flaw("with_oneself", "overrides", ("overrides", at, "instead_of"))
    for at, swap in enumerate(ask.roster.overrides.swaps):
        if swap.first == swap.second:
            yield Flaw("with_oneself", "overrides", ("swaps", at, "second"))


def out_of_order(ask: Question) -> Iterator[Flaw]:
    """A rule that begins before the one above it."""
    for at, (rule, following) in enumerate(pairwise(ask.roster.rotation.rules)):
        if handover(following, following.start) < handover(rule, rule.start):
            yield Flaw("out_of_order", "rotation", ("rules", at + 1, "start"))


def gap(ask: Question) -> Iterator[Flaw]:
    """Time in which nobody is on duty."""
    for (at, rule), (_, following) in pairwise(ask.rules):
        if rule.until and handover(rule, rule.until) < handover(following, following.start):
            facts = {"since": rule.until, "until": following.start}
            yield Flaw("gap", "rotation", ("rules", at, "until"), facts)


def overlap(ask: Question) -> Iterator[Flaw]:
    """Two entries that decide over the same time."""
    for (at, rule), (later, following) in pairwise(ask.rules):
        begin = handover(following, following.start)
        if handover(rule, rule.start) == begin:
            yield Flaw("overlap", "rotation", ("rules", max(at, later), "start"))
        elif rule.until and handover(rule, rule.until) > begin:
            yield Flaw("overlap", "rotation", ("rules", at, "until"))
    changes = ask.roster.overrides
    for (_, one), (at, other) in combinations(enumerate(changes.overrides), 2):
        (begin, end), (start, stop) = (span(ask.roster.rotation, each) for each in (one, other))
        if one.role == other.role and begin < stop and start < end:
            yield Flaw("overlap", "overrides", ("overrides", at))
    for (_, swap), (at, again) in combinations(enumerate(changes.swaps), 2):
        same = {swap.first, swap.second} & {again.first, again.second}
        if swap.role == again.role and same:
            yield Flaw("overlap", "overrides", ("swaps", at))


def swap_of_nothing(ask: Question) -> Iterator[Flaw]:
    """A swap of a day on which no shift begins."""
    for at, swap in enumerate(ask.roster.overrides.swaps):
        for end in ("first", "second"):
            if beginning(ask.roster.rotation, getattr(swap, end)) is None:
                yield Flaw("swap_of_nothing", "overrides", ("swaps", at, end))


def not_on_duty(ask: Question) -> Iterator[Flaw]:
    """An override for somebody whose turn it is not."""
    changes = ask.roster.overrides
    for at, override in enumerate(changes.overrides):
        without = Overrides(swaps=changes.swaps, overrides=changes.overrides[:at], leave=())
        before = Question(Roster(ask.roster.rotation, without), ask.phones)
        begin, end = span(ask.roster.rotation, override)
        touched = [s for s in before.around(begin, end) if s.since < end and begin < s.until]
        if not any(getattr(shift, override.role) == override.instead_of for shift in touched):
            facts = {"name": override.instead_of}
            yield Flaw("not_on_duty", "overrides", ("overrides", at, "instead_of"), facts)
