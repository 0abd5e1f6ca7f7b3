"""What many incidents have in common: counted, and timed, from nothing but their events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from runbook.model.event import event_of
from runbook.model.incident import Incident
from runbook.render.tally import Story, by_month, by_scenario, repeats, spread, spreads, story

AT = datetime(2026, 9, 30, 23, 0, tzinfo=UTC)


def incident(name: str, at: datetime, *told: tuple[float, str, dict[str, Any]]) -> Story:
    """The story of an incident opened then, and of what was told that many minutes later."""
    level = {"severity": "P1", "respond_within": "PT30M", "resolve_within": "PT4H"}
    opening = {"kind": "real", "title": name, "level": level}
    opening |= {"commander": "lisi", "commander_name": "李四"}
    events = []
    for minutes, event, facts in ((0.0, "open", opening), *told):
        when = (at + timedelta(minutes=minutes)).isoformat()
        one = event_of({"event": event, "at": when, **facts})
        assert one is not None, event
        events.append(one)
    found = story(Incident(name, tuple(events)))
    assert found is not None
    return found


def run(scenario: str, *causes: str) -> tuple[float, str, dict[str, Any]]:
    facts = {"record": "x", "scenario": scenario, "target": "drill", "state": "complete"}
    return 5.0, "run", {**facts, "verdict": "FAIL", "confirmed": causes}


def test_a_single_time_is_its_own_median_and_percentile() -> None:
    found = spread([timedelta(minutes=7)])
    assert found is not None
    assert (found.n, found.middle, found.ninetieth) == (
        1,
        timedelta(minutes=7),
        timedelta(minutes=7),
    )
    assert spread([]) is None


@given(some.lists(some.integers(0, 10**6), min_size=2, max_size=60))
def test_the_ninetieth_percentile_agrees_with_its_definition(seconds: list[int]) -> None:
    found = spread([timedelta(seconds=one) for one in seconds])
    place = 0.9 * (len(seconds) - 1)
    low, rest = sorted(seconds)[int(place) :], place % 1
    wanted = low[0] + (rest * (low[1] - low[0]) if rest and len(low) > 1 else 0)
    assert found is not None
    assert found.ninetieth.total_seconds() == pytest.approx(wanted, abs=1e-3)


def test_times_count_from_the_opening_and_only_what_happened_counts() -> None:
    told = [
        incident("INC-20260930-01", AT, (10, "ack", {}), (60, "resolve", {"text": "好了"})),
        incident("INC-20260930-02", AT, (20, "ack", {})),
        incident("INC-20260930-03", AT),
    ]
    found = spreads(told)["P1"]
    assert (found["acknowledge"].n, found["acknowledge"].middle) == (2, timedelta(minutes=15))
    assert (found["resolve"].n, found["resolve"].middle) == (1, timedelta(hours=1))
    assert "mitigate" not in found


def test_who_resolves_without_a_word_before_has_answered_by_then() -> None:
    told = [incident("INC-20260930-01", AT, (60, "resolve", {"text": "好了"}))]
    assert spreads(told)["P1"]["acknowledge"].middle == timedelta(hours=1)


def test_a_month_without_an_incident_stands_between_the_others() -> None:
    told = [incident("INC-20260930-01", AT), incident("INC-20261201-01", AT + timedelta(days=62))]
    assert {month: count.total() for month, count in by_month(told).items()} == {
        "2026-09": 1,
        "2026-10": 0,
        "2026-11": 0,
        "2026-12": 1,
    }


def test_an_incident_opened_without_a_scenario_has_those_of_its_runs() -> None:
    told = [
        incident("INC-20260930-01", AT, run("service-memory", "泄漏"), run("ai-service")),
        incident("INC-20260930-02", AT),
    ]
    assert {name: count.total() for name, count in by_scenario(told).items()} == {
        "service-memory": 1,
        "": 1,
    }


def test_a_cause_is_repeated_when_two_incidents_had_it_not_when_two_runs_saw_it() -> None:
    twice = [run("service-memory", "泄漏"), run("service-memory", "泄漏", "重启")]
    told = [
        incident("INC-20260930-01", AT, *twice),
        incident("INC-20261005-01", AT + timedelta(days=5), run("service-memory", "泄漏")),
    ]
    (found,) = repeats(told)
    assert (found.cause, found.incidents) == ("泄漏", ("INC-20261005-01", "INC-20260930-01"))
    assert found.last == AT + timedelta(days=5)
