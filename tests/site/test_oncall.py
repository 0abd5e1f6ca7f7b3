"""Handover is a time on the wall, in one zone, every week of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from runbook.model import Duty, Rotation
from runbook.oncall import shift_at, shifts

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


def rotation(zone: str, handover: time = time(10, 0), start: date = date(2026, 1, 4)) -> Rotation:
    people = ["zhangsan", "lisi", "wangwu", "zhaoliu"]
    weeks = tuple(
        Duty(primary=one, secondary=people[(index + 1) % 4]) for index, one in enumerate(people)
    )
    return Rotation(zone=zone, start=start, handover=handover, weeks=weeks)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("handover", HANDOVERS)
def test_every_moment_of_two_years_belongs_to_exactly_one_shift(zone: str, handover: time) -> None:
    rule = rotation(zone, handover)
    all_shifts = shifts(rule, shift_at(rule, _begin(rule)).since, 104)
    second = timedelta(seconds=1)
    for index, shift in enumerate(all_shifts):
        since, until = shift.since.astimezone(UTC), shift.until.astimezone(UTC)
        assert since < until
        assert shift_at(rule, since) == shift
        assert shift_at(rule, until - second) == shift
        assert shift.primary == rule.weeks[index % 4].primary
        if index:
            assert all_shifts[index - 1].until.astimezone(UTC) == since, "no gap and no overlap"


@pytest.mark.parametrize("zone", ZONES)
def test_the_handover_stays_at_ten_on_the_wall_when_the_clocks_change(zone: str) -> None:
    rule = rotation(zone)
    for shift in shifts(rule, _begin(rule), 104):
        assert shift.since.timetz().replace(tzinfo=None) == time(10, 0)
        assert shift.since.weekday() == rule.start.weekday()


def test_a_week_with_a_change_of_clocks_is_not_seven_times_24_hours() -> None:
    rule = rotation("America/New_York", start=date(2026, 3, 2))
    spring = shift_at(rule, datetime(2026, 3, 5, tzinfo=UTC))
    length = spring.until.astimezone(UTC) - spring.since.astimezone(UTC)
    assert length == timedelta(days=7) - timedelta(hours=1)


def test_the_moment_of_handover_belongs_to_the_incoming_person() -> None:
    rule = rotation("Asia/Shanghai", start=date(2026, 11, 2))
    handover = datetime(2026, 11, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert shift_at(rule, handover).primary == "lisi"
    assert shift_at(rule, handover - timedelta(microseconds=1)).primary == "zhangsan"


def test_the_answer_does_not_depend_on_the_zone_of_the_question() -> None:
    rule = rotation("Asia/Shanghai", start=date(2026, 11, 2))
    here = datetime(2026, 11, 24, 3, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert shift_at(rule, here) == shift_at(rule, here.astimezone(ZoneInfo("America/New_York")))


def test_a_repeated_hour_is_one_handover_and_a_skipped_one_is_none_lost() -> None:
    autumn = rotation("America/New_York", time(1, 30), date(2026, 10, 25))
    first = shift_at(autumn, datetime(2026, 11, 1, 5, 30, tzinfo=UTC))  # 01:30 for the first time
    assert first.primary == "lisi"
    assert shift_at(autumn, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == first
    spring = rotation("America/New_York", time(2, 30), date(2026, 3, 1))
    skipped = shift_at(spring, datetime(2026, 3, 8, 7, 30, tzinfo=UTC))
    assert (skipped.since.hour, skipped.since.minute, skipped.primary) == (3, 30, "lisi")


def test_nobody_is_on_duty_before_the_rotation_begins() -> None:
    rule = rotation("Asia/Shanghai", start=date(2026, 11, 2))
    with pytest.raises(ValueError, match="2026-11-02 10:00"):
        shift_at(rule, datetime(2026, 11, 2, 1, 59, 59, tzinfo=UTC))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        shift_at(rotation("UTC"), datetime(2026, 11, 2))


def _begin(rule: Rotation) -> datetime:
    return datetime.combine(rule.start, rule.handover, rule.tz)
