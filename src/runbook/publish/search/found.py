"""What the search finds beside the pages of the generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from markupsafe import Markup

from runbook.catalog import Catalog
from runbook.model import Record
from runbook.publish.months import by_month
from runbook.publish.records import listed, pages_of
from runbook.publish.shelf import Shelf
from runbook.records.incident import incident_of
from runbook.records.reading import record_of
from runbook.render.html import join
from runbook.render.monitoring_page import condition
from runbook.render.record_list import Listed, moment
from runbook.render.scenario_page import signal_words
from runbook.words import listed as listed_words
from runbook.words import say

NEWEST = 1000
"""So many incidents and records are in the index one by one, which every phone loads; of what is
older there is a document a month, which leads to the list of it."""

_RECORD, _INCIDENT = 0.15, 0.4
"""A record says what was once; whoever searches in need wants what to do first."""


def documents(catalog: Catalog, site: Path, shelf: Shelf) -> Iterator[dict[str, Any]]:
    """Causes, alerts, the newest incidents and records, as documents of the theme's index."""
    yield from _causes(catalog)
    yield from _alerts(catalog)
    newest = sorted(shelf.folders, key=lambda one: one.name.partition("-")[2], reverse=True)
    told, older = 0, []
    for folder in newest:
        if told >= NEWEST:
            older.append(folder.name)
            continue
        for document in shelf.of(folder, "found", tell_found):
            if (site / unquote(document["location"])).is_file():
                yield document
                told += 1
    yield from _months(frozenset(older), shelf)


def _months(names: frozenset[str], shelf: Shelf) -> Iterator[dict[str, Any]]:
    found = [one for one in listed(shelf) if one.name in names]
    for month, of in by_month(found).items():
        title = say("page.month_title", month=month)
        yield _document(f"records/{month}.html", title, _each_once(of)) | {"boost": _RECORD}


def _each_once(of: Iterable[Listed]) -> list[str]:
    """The words of the incidents, what several say only at the first: all of them lead to one list,
    and every phone reads the index.
    """
    known: set[str] = set()
    told = []
    for one in of:
        new = [part for part in one.words.split(say("page.dot")) if part not in known]
        known.update(new)
        told.append(say("page.dot").join(new))
    return told


def tell_found(folder: Path) -> list[dict[str, Any]]:
    """The documents of the incident: of itself, and of its records that have a page."""
    return [*_incident(folder), *_records(folder)]


def _causes(catalog: Catalog) -> Iterator[dict[str, Any]]:
    for slug, scenario in catalog.scenarios.items():
        for name, cause in scenario.causes.items():
            if cause.belongs_to:
                continue  # the scenario it belongs to says more
            told = [
                *(f"{say('page.errors')}{say('page.colon')}{text}" for text in cause.errors),
                *(say("page.colon").join(signal_words(ref, catalog.checks)) for ref in cause.needs),
                *(step.say for step in cause.next),
            ]
            at = f"scenarios/{slug}.html#{name}"
            yield _document(at, cause.title, told) | {"words": cause.errors}


def _alerts(catalog: Catalog) -> Iterator[dict[str, Any]]:
    for _, watched in catalog.monitoring.watched:
        alert = watched.alert
        scenario = catalog.scenarios[alert.scenario]
        title = f"{alert.name} · {condition(watched)}"
        told = [say("alert_page.scenario", title=scenario.title), scenario.meaning]
        yield _document(f"a/{alert.name}/index.html", title, told)


def _incident(folder: Path) -> Iterator[dict[str, Any]]:
    incident, name = incident_of(folder), folder.name
    if not incident.events:
        return
    opened = incident.opened
    title, told = name, [listed_words(incident.causes)]
    if opened:
        title = say("page.dot").join((name, opened.title))
        facts = (incident.severity or "", moment(opened.at), opened.commander_name)
        told = [say("page.dot").join(facts), *told]
    if name.startswith("DRILL-"):
        told.append(say("page.drill_record"))
    at = f"records/{name}/index.html"
    yield _document(at, title, told) | {"boost": _INCIDENT, "words": [name]}


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    for name in sorted(pages_of(folder), reverse=True):
        record = record_of(folder / f"{name}.ipynb")
        if record:
            at = f"records/{quote(folder.name)}/{quote(name)}.html"
            yield _document(at, *_told(record)) | {"boost": _RECORD, "words": [folder.name]}


def _told(record: Record) -> tuple[str, list[str]]:
    title = say("page.colon").join(filter(None, (record.title, listed_words(record.confirmed))))
    return title, [say("page.dot").join((record.incident, moment(record.at), record.target_title))]


def _document(location: str, title: str, told: list[str]) -> dict[str, Any]:
    text = join(Markup("<p>{}</p>").format(one) for one in told if one)
    return {"location": location, "title": str(Markup("{}").format(title)), "text": str(text)}
