"""Who is on duty when, derived from the rotation by the wall clock of its zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from runbook.model import Rotation
from runbook.words import say


@dataclass(frozen=True)
class Shift:
    """A stretch of duty `[since, until)`: the moment of handover belongs to the incoming people."""

    primary: str
    secondary: str
    since: datetime
    until: datetime


def shift_at(rotation: Rotation, moment: datetime) -> Shift:
    """The shift that `moment` falls into; raises ValueError before the rotation has begun."""
    if moment.tzinfo is None:
        raise ValueError(say("oncall.no_zone", moment=moment.isoformat(sep=" ")))
    # Two times of one zone are compared by their wall clocks, which repeat an hour in autumn:
    # only UTC orders them truly.
    instant = moment.astimezone(UTC)
    days = (moment.astimezone(rotation.tz).date() - rotation.start).days
    week = days // 7
    if instant < _handover(rotation, week):
        week -= 1
    elif instant >= _handover(rotation, week + 1):
        week += 1
    if week < 0:
        begin = _local(rotation, 0).isoformat(sep=" ", timespec="minutes")
        raise ValueError(say("oncall.before_start", begin=begin))
    return _shift(rotation, week)


def shifts(rotation: Rotation, start: datetime, count: int) -> tuple[Shift, ...]:
    """The shift at `start` and those after it, `count` in all."""
    first = shift_at(rotation, start)
    week = round((first.since.date() - rotation.start).days / 7)
    return tuple(_shift(rotation, week + offset) for offset in range(count))


def _shift(rotation: Rotation, week: int) -> Shift:
    duty = rotation.weeks[week % len(rotation.weeks)]
    since, until = _local(rotation, week), _local(rotation, week + 1)
    return Shift(primary=duty.primary, secondary=duty.secondary, since=since, until=until)


def _handover(rotation: Rotation, week: int) -> datetime:
    """The instant at which that week begins.

    A week is seven days of the calendar, not 604,800 seconds.  A wall-clock time that occurs
    twice is taken the first time; one that is skipped, as much later as the clock was put forward.
    """
    day = rotation.start + timedelta(weeks=week)
    return datetime.combine(day, rotation.handover, rotation.tz).astimezone(UTC)


def _local(rotation: Rotation, week: int) -> datetime:
    return _handover(rotation, week).astimezone(rotation.tz)
