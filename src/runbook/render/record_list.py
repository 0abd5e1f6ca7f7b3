"""The records of the site as lists: what was found when, and the way to the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Record
from runbook.model.incident import Incident
from runbook.render.action import COLOURS, outcome_word
from runbook.render.finding import MARKS
from runbook.render.html import join, level
from runbook.render.record_filter import choices, filters, kind_of, merged, month_of, verdict_of
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

    @property
    def newest(self) -> list[Entry]:
        """Its records, the newest first."""
        return sorted(self.entries, key=lambda one: one.order, reverse=True)


class Listed(NamedTuple):
    """What the lists tell of one incident, as JSON holds it.

    `html` is its part of the list of records, of `size` records, `order` sorts it there; `choices`
    are its values of the fields of the filter, with their words; `days` the first and last day of
    its runs; `words` what it is searched by.
    """

    name: str
    order: float
    html: str
    size: int
    lost: int
    choices: dict[str, dict[str, str]]
    days: list[str]
    words: str


def listed_group(group: Group) -> Listed:
    """What the lists tell of the group."""
    incident, entries = group.incident, group.newest
    read = [entry.record for entry in entries if entry.record]
    days = sorted(f"{one.at:%Y-%m-%d}" for one in read)
    facts = (
        incident.name,
        incident.severity or "",
        incident.opened.title if incident.opened else "",
        *dict.fromkeys(cause for one in read for cause in (one.title, *one.confirmed)),
    )
    return Listed(
        incident.name,
        group.order[0],
        str(_group(group, "")),
        len(entries),
        sum(entry.record is None for entry in entries),
        choices(incident, read),
        [days[0], days[-1]] if days else [],
        brief(say("page.dot").join(filter(None, facts)), _LONGEST),
    )


def record_list(found: Sequence[Listed], shown: Sequence[Listed], months: Markup) -> Markup:
    """The incidents that are shown of those there are, with what narrows the list, and the way on.

    `months` leads to all of them.
    """
    if not found:
        return Markup('<p class="rb-note">{}</p>').format(say("page.no_records"))
    count, lost = sum(one.size for one in found), sum(one.lost for one in found)
    warning = say("page.unreadable_count", count=lost) if lost else ""
    return join(
        (
            Markup('<p class="rb-note">{}{}</p>').format(
                say("page.record_count", count=count), warning
            ),
            filters(merged(one.choices for one in found), count),
            sections(shown),
            months,
        )
    )


def sections(found: Iterable[Listed]) -> Markup:
    """Their parts of the list, one below the other."""
    return Markup("").join(Markup(one.html) for one in found)  # noqa: S704 - escaped in `_group`


def month_links(months: Mapping[str, Sequence[Listed]]) -> Markup:
    """The way to the page of every month, and what its records are, for the script that narrows."""
    return month_nav(
        Markup('<a href="{0}.html" data-has="{1}">{0}</a>').format(
            month, json.dumps(_has(of), ensure_ascii=False, separators=(",", ":"))
        )
        for month, of in months.items()
    )


def month_nav(links: Iterable[Markup]) -> Markup:
    """The links to months as a way through the lists."""
    return Markup('<nav class="rb-months" aria-label="{}">{}</nav>').format(
        say("page.by_month"), join(links, " ")
    )


def _has(of: Sequence[Listed]) -> dict[str, list[str]]:
    """The values each field of the filter may take there, and the first and last day."""
    days = sorted(day for one in of for day in one.days)
    values = {field: sorted(known) for field, known in merged(one.choices for one in of).items()}
    return {**values, "days": [days[0], days[-1]] if days else []}


class Latest(NamedTuple):
    """A record that can be read, as the home page lists it."""

    order: float
    name: str
    html: str


def latest_of(entries: Iterable[Entry]) -> list[Latest]:
    """Those of the entries that can be read, for the home page."""
    return [Latest(*one.order, str(_item(one, "records/"))) for one in entries if one.record]


def latest_list(found: Sequence[Latest]) -> Markup:
    """The records on the home page, or that there are none."""
    if not found:
        return Markup('<p class="rb-note">{}</p>').format(say("page.no_records"))
    items = Markup("").join(Markup(one.html) for one in found)  # noqa: S704 - escaped in `_item`
    return Markup('<ul class="rb-records">{}</ul>').format(items)


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
    incident, entries = group.incident, group.newest
    items = _items(entries, base) if entries else Markup()
    return Markup(
        '<section class="rb-incident" data-kind="{}" data-severity="{}">{}{}{}</section>'
    ).format(
        kind_of(incident.name),
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
        mark += Markup(' <a class="rb-note" href="{}../exercises-{}.html#{}">{}</a>').format(
            base, month_of(name), name, say("exercise.go")
        )
    return mark
