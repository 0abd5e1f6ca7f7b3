"""What only paper needs: nothing on it can be tapped, unfolded or asked for the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from markupsafe import Markup

from runbook.model import Cause, Check, Contact, NextStep, Severity
from runbook.render.duty import Shift
from runbook.render.html import join, level, table
from runbook.render.qr import qr
from runbook.render.scenario_page import signal_words, steps_list
from runbook.render.words import within
from runbook.words import listed, say


def level_table(severities: Mapping[str, Severity]) -> Markup:
    """Every level with whom it hits and its two deadlines: what is needed in the first minute."""
    rows = (
        (level(name), one.impact, within(one.respond_within), within(one.resolve_within))
        for name, one in severities.items()
    )
    return table("summary", ("level", "impact", "respond", "resolve"), rows)


def shift_table(shifts: Iterable[Shift], contacts: Mapping[str, Contact]) -> Markup:
    """The coming shifts, each with its first and last moment and two numbers to dial."""
    rows = (
        (
            moment(one.since),
            moment(one.until),
            *(_dialled(contacts[name]) for name in (one.primary, one.secondary)),
        )
        for one in shifts
    )
    return table("shifts", ("begins", "ends", "primary", "secondary"), rows)


def contact_cards(contacts: Mapping[str, Contact]) -> Markup:
    """Everybody who has a phone, with the number as a code to dial from paper."""
    cards = join(
        Markup('<div class="card">{}<p><b>{}</b> {}<br><b>{}</b><br>{}<br>{}</p></div>').format(
            qr(f"tel:{one.phone.replace('-', '')}"),
            one.name,
            one.role,
            one.phone,
            one.email,
            one.slack,
        )
        for one in contacts.values()
        if one.phone
    )
    return Markup('<div class="cards">{}</div>').format(cards)


def cause_rows(
    causes: Mapping[str, Cause],
    checks: Mapping[str, Check],
    steps: Mapping[str, Iterable[NextStep]],
    titles: Mapping[str, str],
    people: Mapping[str, str],
) -> Markup:
    """Every cause with what must be seen for it and what to do next, commands written out."""
    rows = (
        (
            Markup("<b>{}</b> {}").format(cause.title, level(cause.severity)),
            join(map(Markup("<p>{}</p>").format, _seen(cause, checks))),
            steps_list(steps[name]) + _beyond(cause, titles, people),
        )
        for name, cause in causes.items()
    )
    return table("causes", ("cause", "needs", "next"), rows)


def moment(at: datetime) -> str:
    """The date and time of a handover, with its day of the week."""
    return say(
        "page.moment",
        date=f"{at:%Y-%m-%d}",
        day=say(f"page.day_{at.weekday()}"),
        time=f"{at:%H:%M}",
    )


def _dialled(person: Contact) -> Markup:
    return Markup("<b>{}</b> {}").format(person.name, person.phone)


def _seen(cause: Cause, checks: Mapping[str, Check]) -> list[str]:
    return [say("page.colon").join(signal_words(ref, checks)) for ref in cause.needs]


def _beyond(cause: Cause, titles: Mapping[str, str], people: Mapping[str, str]) -> Markup:
    lines = []
    if cause.belongs_to:
        lines.append(say("page.belongs_to") + titles[cause.belongs_to])
    if cause.tell:
        told = listed(people[name] for name in cause.tell)
        lines.append(say("page.colon").join((say("page.tell"), told)))
    return join(map(Markup("<p>{}</p>").format, lines))
