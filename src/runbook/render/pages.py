"""Severities, people and duty as the site shows them: values in, escaped HTML out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from markupsafe import Markup

from runbook.model import Contact, Rotation, Severity
from runbook.render.html import join, level, mail, phone, table
from runbook.render.words import within
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


def severity_summary(severities: Mapping[str, Severity]) -> Markup:
    """Every level with whom it hits and its two deadlines: what is needed in the first minute."""
    rows = (
        (level(name), one.impact, within(one.respond_within), within(one.resolve_within))
        for name, one in severities.items()
    )
    return table("summary", ("level", "impact", "respond", "resolve"), rows)


def severity_table(severities: Mapping[str, Severity]) -> Markup:
    """Every level with all that is known of it."""
    rows = (
        (
            Markup("{} <b>{}</b> <small>{}</small>").format(level(name), one.title, one.label),
            one.impact,
            one.business,
            say("page.inside", duration=within(one.respond_within)),
            say("page.inside", duration=within(one.resolve_within)),
            say("page.comma").join(one.examples),
        )
        for name, one in severities.items()
    )
    heads = ("level", "impact_range", "business", "respond_time", "resolve_time", "examples")
    return table("severity", heads, rows)


def contacts_table(contacts: Mapping[str, Contact]) -> Markup:
    """The core team; a tap dials or writes."""
    rows = (
        (
            one.role,
            Markup("<b>{}</b>").format(one.name),
            phone(one.phone),
            mail(one.email),
            one.slack,
        )
        for one in contacts.values()
    )
    return table("contacts", ("role", "name", "phone", "email", "slack"), rows)


def rotation_table(rotation: Rotation, contacts: Mapping[str, Contact]) -> Markup:
    """The weeks of the rule, in the order in which they follow each other."""
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
        for number, duty in enumerate(rotation.weeks, 1)
    )
    return table("rotation", ("week_no", "primary", "secondary", "reach"), rows)


def rotation_rule(rotation: Rotation) -> Markup:
    """The rule of the rotation in one sentence."""
    sentence = say(
        "page.rule",
        weeks=len(rotation.weeks),
        start=rotation.start.isoformat(),
        day=_weekday(rotation.start.weekday()),
        time=rotation.handover.strftime("%H:%M"),
        zone=rotation.zone,
    )
    return Markup("<p>{}</p>").format(sentence)


def duty_list(shifts: Iterable[Shift], contacts: Mapping[str, Contact], shown: int) -> Markup:
    """The coming shifts as cards, `shown` of them in sight; a script moves that window to now.

    Every card carries its dates, so that the page tells the truth without the script too.
    """
    cards = join(
        Markup(
            '<div class="rb-shift{}" data-since="{}" data-until="{}">'
            '<p class="rb-when"><b class="rb-now">{}</b> {} → {}</p>'
            "<p>{} <b>{}</b> {}</p><p>{} <b>{}</b> {}</p></div>"
        ).format(
            " rb-near" if index < shown else "",
            shift.since.isoformat(),
            shift.until.isoformat(),
            say("page.now"),
            _clock(shift.since),
            _clock(shift.until),
            say("page.primary"),
            contacts[shift.primary].name,
            phone(contacts[shift.primary].phone),
            say("page.secondary"),
            contacts[shift.secondary].name,
            phone(contacts[shift.secondary].phone),
        )
        for index, shift in enumerate(shifts)
    )
    return Markup(
        '<div class="rb-duty" data-shown="{}" data-search-exclude>{}'
        '<p class="rb-stale" hidden>{}</p></div>'
    ).format(shown, cards, say("page.stale"))


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
    return Markup("{}: {}").format(say(f"page.{role}"), phone(contact.phone))
