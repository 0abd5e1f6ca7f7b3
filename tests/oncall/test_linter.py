"""The linter finds what the derived shifts would show, and a roster it lets pass shows nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from hypothesis import HealthCheck, given, settings
from test_oracle import PEOPLE, rosters

from runbook.oncall import RULES, Roster, flaws, shift_at, shifts
from runbook.oncall.timeline import handover, span
from runbook.words import say

PHONES = dict.fromkeys(PEOPLE, True)
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(rosters())
def test_what_the_linter_lets_pass_has_no_gap_and_no_double_duty(roster: Roster) -> None:
    found = flaws(roster, PHONES, stops=True)
    first = roster.rotation.rules[0]
    coming = list(islice(shifts(roster, handover(first, first.start)), 200))
    double = [shift for shift in coming if shift.primary == shift.secondary]
    assert not double or any(flaw.rule == "same_person" for flaw in found), double[0]
    for before, after in pairwise(coming):
        assert before.until.astimezone(UTC) == after.since.astimezone(UTC)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(rosters())
def test_every_flaw_is_true_of_the_roster_and_is_said_in_one_sentence(roster: Roster) -> None:
    overrides = roster.overrides.overrides
    for stops in (True, False):
        for flaw in flaws(roster, PHONES, stops=stops, now=NOW):
            assert say(f"roster.{flaw.rule}", **flaw.facts)
            assert "应" in say(f"roster.{flaw.rule}_do", hint="")
            if flaw.rule == "not_on_duty":
                one = overrides[int(flaw.place[1])]
                begin, _ = span(roster.rotation, one)
                others = roster.overrides.model_copy(
                    update={"overrides": overrides[: flaw.place[1]]}
                )
                before = shift_at(Roster(roster.rotation, others), begin)
                assert getattr(before, one.role) != one.instead_of
            if flaw.rule == "across_handover":
                begin, end = span(roster.rotation, overrides[int(flaw.place[1])])
                last = end - timedelta(microseconds=1)
                assert shift_at(roster, begin).week != shift_at(roster, last).week


def test_every_rule_has_one_sentence_and_one_thing_to_do() -> None:
    for rule in RULES:
        name = rule.find.__name__
        facts = dict.fromkeys(("name", "since", "until", "day", "end", "hint"), "x")
        assert say(f"roster.{name}", **facts)
        assert say(f"roster.{name}_do", **facts)
        assert rule.find.__doc__
