"""Who is on duty, as the site shows it: the rules, the coming shifts, what departs from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from markupsafe import Markup

from runbook.model import ROLES, Contact, Leave, Override, Rule, Swap
from runbook.render.html import join, phone, table
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


def rotation(rules: Iterable[Rule], contacts: Mapping[str, Contact]) -> Markup:
    """Each rule in one sentence and a table of its weeks, in the order in which they begin."""
    return join(
        Markup("<p>{}</p>{}").format(_sentence(rule), _weeks(rule, contacts)) for rule in rules
    )


def duty_list(
    shifts: Iterable[Shift], contacts: Mapping[str, Contact], holidays: Holidays, shown: int
) -> Markup:
    """The coming shifts as cards, `shown` of them in sight; a script moves that window to now.

    Every card carries its dates, so that the page tells the truth without the script too.
    """
    cards = join(
        _card(shift, contacts, holidays, " rb-near" if index < shown else "")
        for index, shift in enumerate(shifts)
    )
    return Markup(
        '<div class="rb-duty" data-shown="{}" data-search-exclude>{}'
        '<p class="rb-stale"{}>{}</p></div>'
    ).format(shown, cards, Markup(" hidden") if cards else "", say("page.stale"))


def leave_list(leave: Iterable[Leave], contacts: Mapping[str, Contact]) -> Markup:
    """Who is away and when; a sentence where nobody is."""
    lines = join(
        Markup("<li>{}</li>").format(
            say(
                "page.leave",
                name=contacts[one.person].name,
                days=_days(one.first, one.last),
                why=one.why,
            )
        )
        for one in leave
    )
    if not lines:
        return Markup("<p>{}</p>").format(say("page.no_leave"))
    return Markup("<ul>{}</ul>").format(lines)


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


def days(holiday: Holiday) -> str:
    """The days as people say them: `10-01 至 10-07`, or one day alone."""
    return _days(holiday.first, holiday.last)


def holiday_line(holiday: Holiday) -> str:
    """What the days are, in a few words."""
    if holiday.name is None:
        return say("page.holiday_unpublished", year=holiday.first.year)
    name = say(f"holiday.{holiday.name}")
    kind = "page.holiday_off" if holiday.off else "page.holiday_work"
    return say(kind, name=name, days=days(holiday))


def _card(shift: Shift, contacts: Mapping[str, Contact], holidays: Holidays, near: str) -> Markup:
    notes = [change_line(one, contacts) for one in shift.changes]
    notes += [holiday_line(one) for one in holidays(shift.since, shift.until)]
    return Markup(
        '<div class="rb-shift{}" data-since="{}" data-until="{}">'
        '<p class="rb-when"><b class="rb-now">{}</b> {} → {}</p>{}{}</div>'
    ).format(
        near,
        shift.since.isoformat(),
        shift.until.isoformat(),
        say("page.now"),
        _clock(shift.since),
        _clock(shift.until),
        join(
            Markup("<p>{} <b>{}</b> {}</p>").format(
                say(f"page.{role}"), contacts[name].name, phone(contacts[name].phone or "")
            )
            for role, name in zip(ROLES, (shift.primary, shift.secondary), strict=True)
        ),
        join(Markup('<p class="rb-note">{}</p>').format(note) for note in dict.fromkeys(notes)),
    )


def _weeks(rule: Rule, contacts: Mapping[str, Contact]) -> Markup:
    rows = (
        (
            say("page.week", number=number),
            contacts[duty.primary].name,
            contacts[duty.secondary].name,
            join(
                (
                    _numbered("main", contacts[duty.primary]),
                    _numbered("deputy", contacts[duty.secondary]),
                ),
                Markup("<br>"),
            ),
        )
        for number, duty in enumerate(rule.weeks, 1)
    )
    return table("rotation", ("week_no", "primary", "secondary", "reach"), rows)


def _sentence(rule: Rule) -> str:
    until = say("page.rule_until", until=rule.until.isoformat()) if rule.until else ""
    return say(
        "page.rule",
        weeks=len(rule.weeks),
        start=rule.start.isoformat(),
        until=until,
        day=_weekday(rule.start.weekday()),
        time=rule.handover.strftime("%H:%M"),
        zone=rule.zone,
    )


def _days(first: date, last: date) -> str:
    return f"{first:%m-%d}" if first == last else say("page.days", first=first, last=last)


def _clock(moment: datetime) -> Markup:
    text = say(
        "page.moment",
        date=moment.date().isoformat(),
        day=_weekday(moment.weekday()),
        time=moment.strftime("%H:%M"),
    )
    return Markup('<span class="rb-clock">{}</span>').format(text)


def _weekday(number: int) -> str:
    return say(f"page.day_{number}")


def _numbered(role: str, contact: Contact) -> Markup:
    return Markup("{}: {}").format(say(f"page.{role}"), phone(contact.phone or ""))
