"""The exercises of the site as a list that does not give away what was found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Record
from runbook.render.html import join
from runbook.render.record_list import moment
from runbook.words import say


def exercise_list(records: Sequence[Record]) -> Markup:
    """Every exercise under its drill, the newest drill first, in the order of their runs."""
    newest = sorted(records, key=lambda one: one.incident, reverse=True)
    if not newest:
        return Markup('<p class="rb-note">{}</p>').format(say("exercise.nothing"))
    return join(
        Markup('<h2 id="{0}">{0}</h2><ul class="rb-records">{1}</ul>').format(
            incident, join(_item(one) for one in sorted(group, key=lambda one: one.at))
        )
        for incident, group in groupby(newest, key=lambda one: one.incident)
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
