"""The records of the site as lists: what was found when, and the way to the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from runbook.model import Record
from runbook.render.finding import MARKS
from runbook.render.html import join
from runbook.words import listed, say

_MARKS = {verdict.lower(): mark for verdict, mark in MARKS.items()}
_INCOMPLETE = "■"


@dataclass(frozen=True)
class Entry:
    """A record on the site; without a record the file is there but nobody can read it.

    `page` is its address below `records/`; without one there is nothing to open.
    """

    incident: str
    name: str
    page: str | None
    record: Record | None

    @property
    def order(self) -> tuple[float, str]:
        """What sorts entries by time; what cannot be read is older than all that can."""
        return (self.record.at.timestamp() if self.record else 0.0, self.name)


def record_list(entries: Iterable[Entry], base: str = "") -> Markup:
    """Every record, newest first, under the incident it belongs to."""
    newest: dict[str, tuple[float, str]] = {}
    found = list(entries)
    for entry in found:
        newest[entry.incident] = max(newest.get(entry.incident, (0.0, "")), entry.order)
    found.sort(key=lambda one: (newest[one.incident], one.incident, one.order), reverse=True)
    if not found:
        return Markup('<p class="rb-note">{}</p>').format(say("page.no_records"))
    lost = sum(entry.record is None for entry in found)
    warning = say("page.unreadable_count", count=lost) if lost else ""
    return join(
        (
            Markup('<p class="rb-note">{}{}</p>').format(
                say("page.record_count", count=len(found)), warning
            ),
            *(
                _heading(incident, base) + _items(list(group), base)
                for incident, group in groupby(found, key=lambda one: one.incident)
            ),
        )
    )


def latest_list(entries: Iterable[Entry], count: int, base: str) -> Markup:
    """The newest records that can be read, for the home page."""
    readable = [entry for entry in entries if entry.record]
    readable.sort(key=lambda one: one.order, reverse=True)
    if not readable:
        return Markup('<p class="rb-note">{}</p>').format(say("page.no_records"))
    return _items(readable[:count], base)


def record_badge(record: Record) -> Markup:
    """The verdict of the run; a run that did not come to its end has none."""
    if record.diagnosis is None:
        return _badge("incomplete", "fail")
    verdict = record.diagnosis.verdict.lower()
    return _badge(verdict, verdict)


def moment(at: datetime) -> str:
    """The moment to the second, with the offset of the clock it was read from."""
    offset = at.strftime("%z")
    zone = f" UTC{offset[:3]}:{offset[3:5]}" if offset else ""
    return f"{at:%Y-%m-%d %H:%M:%S}{zone}"


def _items(entries: Sequence[Entry], base: str) -> Markup:
    return Markup('<ul class="rb-records">{}</ul>').format(
        join(_item(entry, base) for entry in entries)
    )


def _item(entry: Entry, base: str) -> Markup:
    record = entry.record
    if record is None:
        badge, title = _badge("unreadable", "unknown"), entry.name
        note = say("page.unreadable_why", incident=entry.incident)
    else:
        causes = listed(record.confirmed)
        badge = record_badge(record)
        title = say("page.colon").join(filter(None, (record.title, causes)))
        note = say("page.dot").join((moment(record.at), record.target_title))
    link = (
        Markup('<a href="{}{}">{}</a>').format(base, entry.page, title)
        if entry.page
        else Markup("{} {}").format(title, say("page.no_page"))
    )
    return Markup('<li><span>{}</span><span>{}<span class="rb-note">{}</span></span></li>').format(
        badge, link, note
    )


def _badge(word: str, colour: str) -> Markup:
    mark = {**_MARKS, "incomplete": _INCOMPLETE}.get(word, _MARKS["unknown"])
    text = say(f"verdict.{word}") if word in _MARKS else say(f"page.{word}")
    return Markup('<span class="verdict verdict-{}">{} {}</span>').format(colour, mark, text)


def _heading(incident: str, base: str) -> Markup:
    return Markup(
        '<h2 class="rb-incident" id="{0}"><a href="{1}{0}/index.html">{0}</a>{2}</h2>'
    ).format(incident, base, _drill(incident))


def _drill(incident: str) -> Markup:
    if not incident.startswith("DRILL-"):
        return Markup()
    return Markup(' <span class="rb-drill">{}</span>').format(say("page.drill"))
