"""What is wrong with a roster: one list of rules, each of one sentence.

The sentences stand in the words as `roster.<rule>`, what to do about it as `roster.<rule>_do`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from runbook.oncall import advice, contradictions
from runbook.oncall.question import Flaw, Question
from runbook.oncall.timeline import Roster


class RosterRule(NamedTuple):
    """A rule of the roster; one that `stops` makes the data unfit to be trusted."""

    find: Callable[[Question], Iterator[Flaw]]
    stops: bool


RULES: tuple[RosterRule, ...] = (
    RosterRule(contradictions.unknown_person, stops=True),
    RosterRule(contradictions.no_phone, stops=True),
    RosterRule(contradictions.same_person, stops=True),
    RosterRule(contradictions.backwards, stops=True),
    RosterRule(contradictions.with_oneself, stops=True),
    RosterRule(contradictions.out_of_order, stops=True),
    RosterRule(contradictions.gap, stops=True),
    RosterRule(contradictions.overlap, stops=True),
    RosterRule(contradictions.swap_of_nothing, stops=True),
    RosterRule(contradictions.not_on_duty, stops=True),
    RosterRule(advice.across_handover, stops=False),
    RosterRule(advice.back_to_back, stops=False),
    RosterRule(advice.too_little_rest, stops=False),
    RosterRule(advice.leave_during_shift, stops=False),
    RosterRule(advice.ends_soon, stops=False),
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
