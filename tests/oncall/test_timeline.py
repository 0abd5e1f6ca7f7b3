"""Handover is a time on the wall, in one zone, every week of the year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from runbook.model import Duty, Override, Overrides, Rotation, Rule, Swap
from runbook.oncall import Roster, Shift, shift_at, shifts

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/St_Johns",
    "Pacific/Auckland",
    "UTC",
]
HANDOVERS = [time(0, 0), time(1, 30), time(2, 30), time(10, 0), time(23, 59)]


def rule(zone: str, handover: time = time(10, 0), start: date = date(2026, 1, 4)) -> Rule:
    people = ["zhangsan", "lisi", "wangwu", "zhaoliu"]
    weeks = tuple(
        Duty(primary=one, secondary=people[(index + 1) % 4]) for index, one in enumerate(people)
    )
    return Rule(zone=zone, start=start, handover=handover, weeks=weeks)


def roster(*rules: Rule, swaps: Sequence[Swap] = (), overrides: Sequence[Override] = ()) -> Roster:
    rotation = Rotation(rest=timedelta(days=1), notice=timedelta(days=21), rules=rules)
    return Roster(rotation, Overrides(swaps=tuple(swaps), overrides=tuple(overrides), leave=()))


def coming(of: Roster, start: datetime, count: int) -> list[Shift]:
    return list(islice(shifts(of, start), count))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("handover", HANDOVERS)
def test_every_moment_of_two_years_belongs_to_exactly_one_shift(zone: str, handover: time) -> None:
    one = rule(zone, handover)
    rosters = roster(one)
    all_shifts = coming(rosters, begin(one), 104)
    second = timedelta(seconds=1)
    for index, shift in enumerate(all_shifts):
        since, until = shift.since.astimezone(UTC), shift.until.astimezone(UTC)
        assert since < until
        assert shift_at(rosters, since) == shift
        assert shift_at(rosters, until - second) == shift
        assert shift.primary == one.weeks[index % 4].primary
        if index:
            assert all_shifts[index - 1].until.astimezone(UTC) == since, "no gap and no overlap"


@pytest.mark.parametrize("zone", ZONES)
def test_the_handover_stays_at_ten_on_the_wall_when_the_clocks_change(zone: str) -> None:
    one = rule(zone)
    for shift in coming(roster(one), begin(one), 104):
        assert shift.since.timetz().replace(tzinfo=None) == time(10, 0)
        assert shift.since.weekday() == one.start.weekday()


def test_a_week_with_a_change_of_clocks_is_not_seven_times_24_hours() -> None:
    one = roster(rule("America/New_York", start=date(2026, 3, 2)))
    spring = shift_at(one, datetime(2026, 3, 5, tzinfo=UTC))
    length = spring.until.astimezone(UTC) - spring.since.astimezone(UTC)
    assert length == timedelta(days=7) - timedelta(hours=1)


def test_the_moment_of_handover_belongs_to_the_incoming_person() -> None:
    one = roster(rule("Asia/Shanghai", start=date(2026, 11, 2)))
    handover = datetime(2026, 11, 9, 10, 0, tzinfo=SHANGHAI)
    assert shift_at(one, handover).primary == "lisi"
    assert shift_at(one, handover - timedelta(microseconds=1)).primary == "zhangsan"


def test_the_answer_does_not_depend_on_the_zone_of_the_question() -> None:
    one = roster(rule("Asia/Shanghai", start=date(2026, 11, 2)))
    here = datetime(2026, 11, 24, 3, 0, tzinfo=SHANGHAI)
    assert shift_at(one, here) == shift_at(one, here.astimezone(ZoneInfo("America/New_York")))


def test_a_repeated_hour_is_one_handover_and_a_skipped_one_is_none_lost() -> None:
    autumn = roster(rule("America/New_York", time(1, 30), date(2026, 10, 25)))
    first = shift_at(autumn, datetime(2026, 11, 1, 5, 30, tzinfo=UTC))  # 01:30 for the first time
    assert first.primary == "lisi"
    assert shift_at(autumn, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == first
    spring = roster(rule("America/New_York", time(2, 30), date(2026, 3, 1)))
    skipped = shift_at(spring, datetime(2026, 3, 8, 7, 30, tzinfo=UTC))
    assert (skipped.since.hour, skipped.since.minute, skipped.primary) == (3, 30, "lisi")


def test_nobody_is_on_duty_before_the_rotation_begins_or_after_it_has_ended() -> None:
    one = rule("Asia/Shanghai", start=date(2026, 11, 2))
    with pytest.raises(ValueError, match="2026-11-02 10:00"):
        shift_at(roster(one), datetime(2026, 11, 2, 1, 59, 59, tzinfo=UTC))
    ended = roster(one.model_copy(update={"until": date(2026, 11, 16)}))
    with pytest.raises(ValueError, match="2026-11-16 10:00"):
        shift_at(ended, datetime(2026, 11, 16, 2, 0, tzinfo=UTC))
    assert [shift.primary for shift in coming(ended, begin(one), 9)] == ["zhangsan", "lisi"]


def test_a_new_rule_takes_over_at_its_first_handover_and_rewrites_nothing_before() -> None:
    old = rule("Asia/Shanghai", start=date(2026, 11, 2))
    new = rule("Europe/Berlin", time(9, 0), date(2026, 11, 18))
    before, after = coming(roster(old), begin(old), 2), coming(roster(old, new), begin(old), 5)
    assert after[:2] == before
    assert after[2].until == after[3].since == datetime(2026, 11, 18, 9, tzinfo=new.tz)
    assert (after[2].primary, after[3].primary, after[4].primary) == ("wangwu", "zhangsan", "lisi")


def test_an_override_stands_for_its_time_and_the_rest_of_the_shift_is_as_it_was() -> None:
    one = rule("Asia/Shanghai", start=date(2026, 11, 2))
    override = Override(
        role="primary",
        person="zhaoliu",
        instead_of="zhangsan",
        since=datetime(2026, 11, 4, 18),
        until=datetime(2026, 11, 5, 9),
        why="x",
    )
    found = coming(roster(one, overrides=[override]), begin(one), 4)
    assert [shift.primary for shift in found] == ["zhangsan", "zhaoliu", "zhangsan", "lisi"]
    assert [shift.changes for shift in found] == [(), (override,), (), ()]
    assert found[1].since == datetime(2026, 11, 4, 18, tzinfo=SHANGHAI)
    assert {shift.secondary for shift in found[:3]} == {"lisi"}


def test_swaps_give_way_to_overrides_and_follow_one_another() -> None:
    one = rule("UTC", start=date(2026, 11, 2))
    days = [date(2026, 11, 2) + timedelta(weeks=week) for week in range(4)]
    swaps = [
        Swap(role="secondary", first=days[0], second=days[2], why="x"),
        Swap(role="secondary", first=days[2], second=days[3], why="x"),
    ]
    found = coming(roster(one, swaps=swaps), begin(one), 4)
    assert [shift.primary for shift in found] == ["zhangsan", "lisi", "wangwu", "zhaoliu"]
    assert [shift.secondary for shift in found] == ["zhaoliu", "wangwu", "zhangsan", "lisi"]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        shift_at(roster(rule("UTC")), datetime(2026, 11, 2))


def begin(one: Rule) -> datetime:
    return datetime.combine(one.start, one.handover, one.tz)
