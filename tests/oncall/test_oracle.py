"""Who is on duty agrees with a calendar of weekly events, expanded by a library of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import recurring_ical_events
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from runbook.catalog import load
from runbook.cli.oncall import oncall
from runbook.model import ROLES, Duty, Override, Overrides, Rotation, Rule, Swap
from runbook.oncall import Roster, shift_at

PEOPLE = ("zhangsan", "lisi", "wangwu", "zhaoliu", "sunqi")
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "America/St_Johns",
    "Africa/Casablanca",
    "UTC",
)
HORIZON = timedelta(weeks=60)
SECOND = timedelta(seconds=1)


class Turn(NamedTuple):
    """One week of somebody's duty as the calendar has it, in UTC."""

    role: str
    person: str
    day: date
    since: datetime
    until: datetime


def turns(rotation: Rotation) -> Iterator[Turn]:
    """The weeks of the rules as recurring events, expanded and cut where the next rule begins."""
    for number, rule in enumerate(rotation.rules):
        calendar, following = Calendar(), rotation.rules[number + 1 : number + 2]
        for index, duty in enumerate(rule.weeks):
            for role in ROLES:
                event = Event()
                begin = datetime.combine(rule.start, rule.handover) + timedelta(weeks=index)
                event.add("uid", f"{number}-{index}-{role}")
                event.add("summary", f"{role} {getattr(duty, role)}")
                event.add("dtstart", begin.replace(tzinfo=rule.tz))
                event.add("dtend", (begin + timedelta(weeks=1)).replace(tzinfo=rule.tz))
                event.add("rrule", {"freq": "weekly", "interval": len(rule.weeks)})
                calendar.add_component(event)
        first = datetime.combine(rule.start, rule.handover, rule.tz)
        end = first + HORIZON
        if following:
            end = datetime.combine(following[0].start, following[0].handover, following[0].tz)
        for event in recurring_ical_events.of(calendar).between(first, end):
            since, until = event.start.astimezone(UTC), event.end.astimezone(UTC)
            if since < end.astimezone(UTC):
                role, person = str(event["summary"]).split()
                day = event.start.date()
                yield Turn(role, person, day, since, min(until, end.astimezone(UTC)))


def calendar_of(roster: Roster) -> list[Turn]:
    """The turns after the swaps; where two begin on one day, the later one is meant."""
    found = sorted(turns(roster.rotation), key=lambda turn: turn.since)
    for role in ROLES:
        begins = {turn.day: index for index, turn in enumerate(found) if turn.role == role}
        for swap in roster.overrides.swaps:
            if swap.role == role:
                one, other = begins[swap.first], begins[swap.second]
                persons = found[other].person, found[one].person
                found[one] = found[one]._replace(person=persons[0])
                found[other] = found[other]._replace(person=persons[1])
    return found


def expected(roster: Roster, calendar: list[Turn], at: datetime) -> dict[str, str]:
    """Who is on duty at that instant, by the calendar and the overrides laid over it."""
    covering = [turn for turn in calendar if turn.since <= at < turn.until]
    assert sorted(turn.role for turn in covering) == sorted(ROLES), "no gap, and nobody twice"
    found = {turn.role: turn.person for turn in covering}
    for override in roster.overrides.overrides:
        since, until = (
            edge.replace(tzinfo=roster.rotation.rule_on(edge.date()).tz).astimezone(UTC)
            for edge in (override.since, override.until)
        )
        if since <= at < until:
            found[override.role] = override.person
    return found


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """A roster of up to three rules with swaps and overrides, in any zone."""
    start = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        people = draw(st.lists(st.permutations(PEOPLE), min_size=1, max_size=5))
        rules.append(
            Rule(
                start=start,
                zone=draw(st.sampled_from(ZONES)),
                handover=time(draw(st.integers(0, 23)), draw(st.sampled_from((0, 15, 30)))),
                weeks=tuple(Duty(primary=one[0], secondary=one[1]) for one in people),
            )
        )
        start += timedelta(days=draw(st.integers(3, 120)))
    rotation = Rotation(rest=timedelta(days=1), notice=timedelta(days=21), rules=tuple(rules))
    days = sorted({turn.day for turn in turns(rotation)})
    picked = draw(st.lists(st.sampled_from(days), max_size=4, unique=True))
    swaps = [
        Swap(role=draw(st.sampled_from(ROLES)), first=one, second=other, why="x")
        for one, other in zip(picked[::2], picked[1::2], strict=False)
    ]
    overrides, free = [], datetime.combine(rules[0].start, time(12)) + timedelta(days=1)
    for _ in range(draw(st.integers(0, 3))):
        since = free + timedelta(hours=draw(st.integers(0, 700)))
        free = since + timedelta(hours=draw(st.integers(1, 200)))
        person, instead = draw(st.permutations(PEOPLE))[:2]
        overrides.append(
            Override(
                role=draw(st.sampled_from(ROLES)),
                person=person,
                instead_of=instead,
                since=since,
                until=free,
                why="x",
            )
        )
    changes = Overrides(swaps=tuple(swaps), overrides=tuple(overrides), leave=())
    return Roster(rotation, changes)


def edges(roster: Roster, calendar: list[Turn]) -> list[datetime]:
    """One second before and after, and the very moment, of everything at which duty may pass on."""
    found = {turn.since for turn in calendar}
    for override in roster.overrides.overrides:
        for edge in (override.since, override.until):
            zone = roster.rotation.rule_on(edge.date()).tz
            found.add(edge.replace(tzinfo=zone).astimezone(UTC))
    first, last = min(found), max(turn.until for turn in calendar)
    moments = {edge + shift for edge in found for shift in (-SECOND, SECOND * 0, SECOND)}
    return sorted(moment for moment in moments if first <= moment < last)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rosters())
def test_every_handover_and_every_override_is_as_the_calendar_says(roster: Roster) -> None:
    calendar = calendar_of(roster)
    for moment in edges(roster, calendar):
        shift = shift_at(roster, moment)
        found = {role: getattr(shift, role) for role in ROLES}
        assert found == expected(roster, calendar, moment), moment
        assert shift.since.astimezone(UTC) <= moment < shift.until.astimezone(UTC)
        assert shift_at(roster, shift.since) == shift, "one moment is in one shift"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"])
def test_the_command_line_says_what_the_calendar_says(
    zone: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNBOOK_ROOT", str(copy))
    replace(copy / "data" / "rotation.yml", "Asia/Shanghai", zone)
    replace(copy / "data" / "rotation.yml", "2026-11-02", "2026-10-05")
    replace(
        copy / "data" / "overrides.yml",
        "\noverrides: []",
        "\noverrides:\n  - {role: primary, person: zhaoliu, instead_of: zhangsan, "
        "since: 2026-10-07 18:00, until: 2026-10-08 02:30, why: x}",
    )
    roster = load(copy).roster
    calendar = [turn for turn in calendar_of(roster) if turn.day < date(2026, 11, 9)]
    for moment in edges(roster, calendar):
        done = CliRunner().invoke(oncall, ["--at", moment.isoformat(), "--json"])
        assert done.exit_code == 0, done.output
        said = json.loads(done.output)
        assert {role: said[role]["id"] for role in ROLES} == expected(roster, calendar, moment)
        since, until = (datetime.fromisoformat(said[edge]) for edge in ("since", "until"))
        assert since <= moment < until
        assert said["primary"]["phone"].startswith("+86-138-0000-000")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
