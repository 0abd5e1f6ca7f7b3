"""The records of the site as lists: what was found when, and the way to the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Record
from runbook.model.incident import Incident
from runbook.render.action import COLOURS, outcome_word
from runbook.render.finding import MARKS
from runbook.render.html import join, level
from runbook.render.record_filter import filters, kind_of, verdict_of
from runbook.render.words import lasting
from runbook.words import brief, listed, say

_MARKS = {verdict.lower(): mark for verdict, mark in MARKS.items()}
_INCOMPLETE = "■"
_LONGEST = 200  # characters of a line


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


@dataclass(frozen=True)
class Group:
    """An incident with its records on the site; a day's runs may belong to no incident."""

    incident: Incident
    entries: tuple[Entry, ...]

    @property
    def order(self) -> tuple[float, str]:
        """What sorts groups by the last thing that happened in them."""
        opened = self.incident.opened
        last = opened.at.timestamp() if opened else 0.0
        times = [last, *(entry.order[0] for entry in self.entries)]
        return (max(times), self.incident.name)


def record_list(groups: Iterable[Group], base: str = "") -> Markup:
    """Every record, newest first, under the incident it belongs to, with what narrows the list."""
    found = sorted(groups, key=lambda one: one.order, reverse=True)
    if not found:
        return Markup('<p class="rb-note">{}</p>').format(say("page.no_records"))
    entries = [entry for group in found for entry in group.entries]
    lost = sum(entry.record is None for entry in entries)
    warning = say("page.unreadable_count", count=lost) if lost else ""
    return join(
        (
            Markup('<p class="rb-note">{}{}</p>').format(
                say("page.record_count", count=len(entries)), warning
            ),
            filters((one.incident for one in found), (one.record for one in entries if one.record)),
            *(_group(group, base) for group in found),
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
    """The verdict of the run, or the outcome of its action; one that is incomplete has none."""
    if record.action is not None:
        colour = COLOURS[record.action.outcome]
        word = outcome_word(record.action)
        return Markup('<span class="verdict verdict-{}">{}</span>').format(colour, word)
    verdict = verdict_of(record)
    return _badge(verdict, "fail" if verdict == "incomplete" else verdict)


def moment(at: datetime) -> str:
    """The moment to the second, with the offset of the clock it was read from."""
    offset = at.strftime("%z")
    zone = f" UTC{offset[:3]}:{offset[3:5]}" if offset else ""
    return f"{at:%Y-%m-%d %H:%M:%S}{zone}"


def _group(group: Group, base: str) -> Markup:
    incident = group.incident
    entries = sorted(group.entries, key=lambda one: one.order, reverse=True)
    items = _items(entries, base) if entries else Markup()
    return Markup(
        '<section class="rb-incident" data-kind="{}" data-severity="{}">{}{}{}</section>'
    ).format(
        kind_of(incident),
        incident.severity or "",
        _heading(group, base),
        _told(incident),
        items,
    )


def _told(incident: Incident) -> Markup:
    """What the incident was, in a line; nothing for the runs of a day."""
    if incident.opened is None:
        return Markup()
    facts = [say(f"incident.state_{incident.state}")]
    if incident.resolved:
        facts.append(lasting(incident.lasted(incident.resolved.at)))
    return Markup('<p class="rb-told">{} <bdi>{}</bdi> <span class="rb-note">{}</span></p>').format(
        level(incident.severity or ""), incident.opened.title, say("page.dot").join(facts)
    )


def _items(entries: Sequence[Entry], base: str) -> Markup:
    return Markup('<ul class="rb-records">{}</ul>').format(
        join(_item(entry, base) for entry in entries)
    )


def _item(entry: Entry, base: str) -> Markup:
    record, facts = entry.record, Markup()
    if record is None:
        badge, title = _badge("unreadable", "unknown"), entry.name
        note = say("page.unreadable_why", incident=entry.incident)
    else:
        causes = listed(record.confirmed)
        badge = record_badge(record)
        title = say("page.colon").join(filter(None, (record.title, causes)))
        note = say("page.dot").join((moment(record.at), record.target_title))
        facts = Markup(
            ' data-scenario="{}" data-verdict="{}" data-target="{}" data-day="{:%Y-%m-%d}"'
        ).format(record.scenario, verdict_of(record), record.target, record.at)
    title, note = brief(title, _LONGEST), brief(note, _LONGEST)
    link = (
        Markup('<a href="{}{}">{}</a>').format(base, entry.page, title)
        if entry.page
        else Markup("{} {}").format(title, say("page.no_page"))
    )
    return Markup(
        '<li{}><span>{}</span><span><bdi>{}</bdi><span class="rb-note">{}</span></span></li>'
    ).format(facts, badge, link, note)


def _badge(word: str, colour: str) -> Markup:
    mark = {**_MARKS, "incomplete": _INCOMPLETE}.get(word, _MARKS["unknown"])
    text = say(f"verdict.{word}") if word in _MARKS else say(f"page.{word}")
    return Markup('<span class="verdict verdict-{}">{} {}</span>').format(colour, mark, text)


def _heading(group: Group, base: str) -> Markup:
    name = group.incident.name
    return Markup('<h2 id="{0}"><a href="{1}{2}/index.html">{0}</a>{3}</h2>').format(
        name, base, quote(name, safe=""), _drill(group, base)
    )


def _drill(group: Group, base: str) -> Markup:
    """That it was no real incident, and the way to look for its causes oneself."""
    name = group.incident.name
    if not name.startswith("DRILL-"):
        return Markup()
    mark = Markup(' <span class="rb-drill">{}</span>').format(say("page.drill"))
    if any(one.record and one.record.diagnosis for one in group.entries):
        mark += Markup(' <a class="rb-note" href="{}../exercises.html#{}">{}</a>').format(
            base, name, say("exercise.go")
        )
    return mark
