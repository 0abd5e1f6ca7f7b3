"""Which days of a shift the whole of mainland China is off, or works on a weekend to make up.

The calendar is that of the package chinesecalendar, which follows the yearly notice of the State
Council and knows no year before its notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import chinese_calendar

_NAMES = {holiday.value: holiday.name for holiday in chinese_calendar.Holiday}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    """Consecutive days off, or days worked to make up for them; `name` is a key of the words.

    A year whose notice is not published yet has the name None.
    """

    name: str | None
    off: bool
    first: date
    last: date


def holidays(since: datetime, until: datetime) -> tuple[Holiday, ...]:
    """The days of `[since, until)` that are no ordinary ones, in order."""
    days = ((day, _kind(day)) for day in _days(since.date(), (until - timedelta(seconds=1)).date()))
    found = []
    for kind, group in groupby(days, key=lambda one: one[1]):
        if kind is not None:
            stretch = [day for day, _ in group]
            name, off = kind
            found.append(Holiday(name, off, first=stretch[0], last=stretch[-1]))
    return tuple(found)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _kind(day: date) -> tuple[str | None, bool] | None:
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None, False
    return None if name is None else (_NAMES[name], off)
