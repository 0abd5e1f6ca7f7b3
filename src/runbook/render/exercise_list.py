"""The exercises of the site as a list that does not give away what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Record
from runbook.render.html import join
from runbook.render.record_list import moment, month_nav
from runbook.words import say


def exercise_list(sections: Markup, months: Iterable[str]) -> Markup:
    """The exercises of the newest drills, and the way to those of every month."""
    if not sections:
        return Markup('<p class="rb-note">{}</p>').format(say("exercise.nothing"))
    links = (Markup('<a href="exercises-{0}.html">{0}</a>').format(one) for one in months)
    return join((sections, month_nav(links)))


def exercise_section(incident: str, records: Sequence[Record]) -> Markup:
    """The exercises of one drill, in the order of their runs; nothing without any."""
    if not records:
        return Markup()
    return Markup('<h2 id="{0}">{0}</h2><ul class="rb-records">{1}</ul>').format(
        incident, join(_item(one) for one in sorted(records, key=lambda one: one.at))
    )


def _item(record: Record) -> Markup:
    evidence = len(record.diagnosis.findings) if record.diagnosis else 0
    return Markup(
        '<li><span>{}</span><span><a href="records/{}/{}-exercise.html">{}</a>'
        '<span class="rb-note">{}</span></span></li>'
    ).format(
        say("exercise.pieces", count=evidence),
        quote(record.incident),
        quote(record.name),
        record.title,
        moment(record.at),
    )
