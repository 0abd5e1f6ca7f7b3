"""The coming shifts as the site shows them, and what departs from the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Protocol

from markupsafe import Markup

from runbook.model import ROLES, Contact, Override, Swap
from runbook.render.html import join, phone
from runbook.words import say


class Shift(Protocol):
    """What the pages need to know of a shift."""

    @property
    def primary(self) -> str: ...
    @property
    def secondary(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...
    @property
    def changes(self) -> tuple[Swap | Override, ...]: ...


class Holiday(Protocol):
    """What the pages need to know of days that are no ordinary ones."""

    @property
    def name(self) -> str | None: ...
    @property
    def off(self) -> bool: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


Holidays = Callable[[datetime, datetime], Iterable[Holiday]]


def duty_list(
    shifts: Sequence[Shift], contacts: Mapping[str, Contact], holidays: Holidays, shown: int
) -> Markup:
    """The coming shifts as cards, of which a script shows `shown` from this moment on.

    Every card carries its dates and who comes after, so that the page tells the truth without the
    script too.  Outside of them two warnings stand in for a name.
    """
    cards = join(
        _card(shift, after, contacts, holidays, " rb-near" if index < shown else "")
        for index, (shift, after) in enumerate(zip_longest(shifts, shifts[1:]))
    )
    late, early = say("page.nobody_left"), ""
    if shifts:
        late = say("page.after_last", until=_moment(shifts[-1].until))
        early = say("page.before_first", since=_moment(shifts[0].since))
    return Markup(
        '<div class="rb-duty" data-shown="{}" data-search-exclude>'
        '<p class="rb-stale rb-late" role="alert"{}>{}</p>'
        '<p class="rb-stale rb-early" role="alert" hidden>{}</p>{}</div>'
    ).format(shown, Markup(" hidden") if cards else "", late, early, cards)


def change_line(change: Swap | Override, contacts: Mapping[str, Contact]) -> str:
    """Who stands in for whom, and why."""
    role = say(f"page.{change.role}")
    if isinstance(change, Swap):
        return say("oncall.swapped", role=role, why=change.why)
    return say(
        "oncall.overridden",
        role=role,
        person=contacts[change.person].name,
        instead_of=contacts[change.instead_of].name,
        why=change.why,
    )


def days(first: date, last: date) -> str:
    """The days as people say them: `10-01 至 10-07`, or one day alone."""
    return f"{first:%m-%d}" if first == last else say("page.days", first=first, last=last)


def weekday(number: int) -> str:
    """The name of the day; Monday is 0."""
    return say(f"page.day_{number}")


def holiday_line(holiday: Holiday) -> str:
    """What the days are, in a few words."""
    if holiday.name is None:
        return say("page.holiday_unpublished", year=holiday.first.year)
    name = say(f"holiday.{holiday.name}")
    kind = "page.holiday_off" if holiday.off else "page.holiday_work"
    return say(kind, name=name, days=days(holiday.first, holiday.last))


def _card(
    shift: Shift,
    after: Shift | None,
    contacts: Mapping[str, Contact],
    holidays: Holidays,
    near: str,
) -> Markup:
    notes = [change_line(one, contacts) for one in shift.changes]
    notes += [holiday_line(one) for one in holidays(shift.since, shift.until)]
    return Markup(
        '<div class="rb-shift{}" data-since="{}" data-until="{}">'
        '<p class="rb-when"><b class="rb-now">{}</b> {}<span class="rb-now-since">{}</span>'
        '<span class="rb-until"> → {}</span></p>{}<p class="rb-next">{}</p>{}</div>'
    ).format(
        near,
        shift.since.isoformat(),
        shift.until.isoformat(),
        say("page.now"),
        _clock(shift.since),
        say("page.since"),
        _clock(shift.until),
        join(
            Markup("<p>{} <b>{}</b> {}</p>").format(
                say(f"page.{role}"), contacts[name].name, phone(contacts[name].phone or "")
            )
            for role, name in zip(ROLES, (shift.primary, shift.secondary), strict=True)
        ),
        _handover(shift.until, after, contacts),
        join(Markup('<p class="rb-note">{}</p>').format(note) for note in dict.fromkeys(notes)),
    )


def _handover(at: datetime, after: Shift | None, contacts: Mapping[str, Contact]) -> str:
    if after is None:
        return say("page.last_shift", at=_moment(at))
    names = {role: contacts[getattr(after, role)].name for role in ROLES}
    return say("page.next_shift", at=_moment(at), **names)


def _clock(moment: datetime) -> Markup:
    return Markup('<span class="rb-clock">{}</span>').format(_moment(moment))


def _moment(moment: datetime) -> str:
    return say(
        "page.moment",
        date=moment.date().isoformat(),
        day=weekday(moment.weekday()),
        time=moment.strftime("%H:%M"),
    )
