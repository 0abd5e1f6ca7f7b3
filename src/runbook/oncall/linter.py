"""What is wrong with a roster: one list of rules, each of one sentence.

The sentences stand in the words as `roster.<rule>`, what to do about it as `roster.<rule>_do`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice, pairwise
from typing import Any, NamedTuple

from runbook.model import ROLES, Override, Overrides, Rule, Swap
from runbook.oncall.timeline import (
    Roster,
    Shift,
    beginning,
    handover,
    in_force,
    instant,
    shifts,
    span,
)

Place = tuple[str | int, ...]
_WEEK = timedelta(weeks=1)
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
        begin = max(since - _WEEK, next(in_force(self.roster.rotation))[1])
        for shift in islice(shifts(self.roster, begin), _LONGEST):
            if shift.since >= until + _WEEK:
                return
            yield shift


def _gap(ask: Question) -> Iterator[Flaw]:
    for (at, rule), (_, following) in pairwise(ask.rules):
        if rule.until and handover(rule, rule.until) < handover(following, following.start):
            facts = {"since": rule.until, "until": following.start}
            yield Flaw("gap", "rotation", ("rules", at, "until"), facts)


def _backwards(ask: Question) -> Iterator[Flaw]:
    for at, rule in enumerate(ask.roster.rotation.rules):
        if rule.until and rule.until <= rule.start:
            yield Flaw("backwards", "rotation", ("rules", at, "until"))
    for at, override in enumerate(ask.roster.overrides.overrides):
        if override.until <= override.since:
            yield Flaw("backwards", "overrides", ("overrides", at, "until"))
    for at, leave in enumerate(ask.roster.overrides.leave):
        if leave.last < leave.first:
            yield Flaw("backwards", "overrides", ("leave", at, "last"))


def _with_oneself(ask: Question) -> Iterator[Flaw]:
    for at, override in enumerate(ask.roster.overrides.overrides):
        if override.person == override.instead_of:
            yield Flaw("with_oneself", "overrides", ("overrides", at, "instead_of"))
    for at, swap in enumerate(ask.roster.overrides.swaps):
        if swap.first == swap.second:
            yield Flaw("with_oneself", "overrides", ("swaps", at, "second"))


def _overlap(ask: Question) -> Iterator[Flaw]:
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


def _out_of_order(ask: Question) -> Iterator[Flaw]:
    for at, (rule, following) in enumerate(pairwise(ask.roster.rotation.rules)):
        if handover(following, following.start) < handover(rule, rule.start):
            yield Flaw("out_of_order", "rotation", ("rules", at + 1, "start"))


def _same_person(ask: Question) -> Iterator[Flaw]:
    for at, rule in enumerate(ask.roster.rotation.rules):
        for week, duty in enumerate(rule.weeks):
            if duty.primary == duty.secondary:
                yield Flaw("same_person", "rotation", ("rules", at, "weeks", week))
    for place, since, until, change in _changes(ask):
        if any(
            one.primary == one.secondary and change in one.changes
            for one in ask.around(since, until)
        ):
            yield Flaw("same_person", "overrides", place)


def _unknown_person(ask: Question) -> Iterator[Flaw]:
    for file, place, name in ask.named:
        if name not in ask.phones:
            yield Flaw("unknown_person", file, place, {"name": name})


def _no_phone(ask: Question) -> Iterator[Flaw]:
    for file, place, name in ask.named:
        on_duty = place[0] != "leave" and place[-1] != "instead_of"
        if on_duty and not ask.phones.get(name, True):
            yield Flaw("no_phone", file, place, {"name": name})


def _swap_of_nothing(ask: Question) -> Iterator[Flaw]:
    for at, swap in enumerate(ask.roster.overrides.swaps):
        for end in ("first", "second"):
            if beginning(ask.roster.rotation, getattr(swap, end)) is None:
                yield Flaw("swap_of_nothing", "overrides", ("swaps", at, end))


def _not_on_duty(ask: Question) -> Iterator[Flaw]:
    changes = ask.roster.overrides
    for at, override in enumerate(changes.overrides):
        without = Overrides(swaps=changes.swaps, overrides=changes.overrides[:at], leave=())
        before = Question(Roster(ask.roster.rotation, without), ask.phones)
        begin, end = span(ask.roster.rotation, override)
        touched = [s for s in before.around(begin, end) if s.since < end and begin < s.until]
        if not any(getattr(shift, override.role) == override.instead_of for shift in touched):
            facts = {"name": override.instead_of}
            yield Flaw("not_on_duty", "overrides", ("overrides", at, "instead_of"), facts)


def _across_handover(ask: Question) -> Iterator[Flaw]:
    for at, override in enumerate(ask.roster.overrides.overrides):
        begin, end = span(ask.roster.rotation, override)
        weeks = {s.week for s in ask.around(begin, end) if s.since < end and begin < s.until}
        if len(weeks) > 1:
            yield Flaw("across_handover", "overrides", ("overrides", at))


def _back_to_back(ask: Question) -> Iterator[Flaw]:
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
    for place, since, until, change in _changes(ask):
        if isinstance(change, Swap) and change.role == "primary":
            turns = {shift.week: shift.primary for shift in ask.around(since, until)}
            for (day, one), (following, other) in pairwise(turns.items()):
                if one == other and {day, following} & {change.first, change.second}:
                    yield Flaw("back_to_back", "overrides", place, {"name": one})


def _too_little_rest(ask: Question) -> Iterator[Flaw]:
    for place, since, until, change in _changes(ask):
        if isinstance(change, Swap) or change.role != "primary":
            continue
        mine = [s for s in ask.around(since, until) if s.primary == change.person]
        for one, other in pairwise(mine):
            ours = change in one.changes or change in other.changes
            if ours and _apart(one, other) < ask.roster.rotation.rest and one.week != other.week:
                yield Flaw("too_little_rest", "overrides", place, {"name": change.person})
                break


def _leave_during_shift(ask: Question) -> Iterator[Flaw]:
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


def _ends_soon(ask: Question) -> Iterator[Flaw]:
    at, rule = ask.rules[-1]
    if ask.now and rule.until:
        left = handover(rule, rule.until) - ask.now.astimezone(UTC)
        if left < ask.roster.rotation.notice:
            yield Flaw("ends_soon", "rotation", ("rules", at, "until"), {"end": rule.until})


def _changes(
    ask: Question,
) -> Iterator[tuple[Place, datetime, datetime, Swap | Override]]:
    """Every swap and override with its place, and the instants around which to look."""
    for at, swap in enumerate(ask.roster.overrides.swaps):
        for day in (swap.first, swap.second):
            begin = handover(ask.roster.rotation.rule_on(day), day)
            yield ("swaps", at), begin, begin + _WEEK, swap
    for at, override in enumerate(ask.roster.overrides.overrides):
        yield ("overrides", at), *span(ask.roster.rotation, override), override


def _apart(one: Shift, other: Shift) -> timedelta:
    return other.since.astimezone(UTC) - one.until.astimezone(UTC)


class RosterRule(NamedTuple):
    """A rule of the roster; one that `stops` makes the data unfit to be trusted."""

    find: Callable[[Question], Iterator[Flaw]]
    stops: bool


RULES: tuple[RosterRule, ...] = (
    RosterRule(_unknown_person, stops=True),
    RosterRule(_no_phone, stops=True),
    RosterRule(_same_person, stops=True),
    RosterRule(_backwards, stops=True),
    RosterRule(_with_oneself, stops=True),
    RosterRule(_out_of_order, stops=True),
    RosterRule(_gap, stops=True),
    RosterRule(_overlap, stops=True),
    RosterRule(_swap_of_nothing, stops=True),
    RosterRule(_not_on_duty, stops=True),
    # A roster that is only unwise must not stop a responder.
    RosterRule(_across_handover, stops=False),
    RosterRule(_back_to_back, stops=False),
    RosterRule(_too_little_rest, stops=False),
    RosterRule(_leave_during_shift, stops=False),
    RosterRule(_ends_soon, stops=False),
)


def flaws(
    roster: Roster, phones: Mapping[str, bool], *, stops: bool, now: datetime | None = None
) -> list[Flaw]:
    """What breaks the rules that stop, or the others, over all that the roster was ever told.

    Without `now` what depends on the time is not asked.
    """
    ask = Question(roster, phones, now)
    found = [flaw for rule in RULES if rule.stops is stops for flaw in rule.find(ask)]
    return list({(flaw.rule, flaw.file, flaw.place): flaw for flaw in found}.values())
