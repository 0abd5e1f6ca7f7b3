"""What the search finds beside the pages of the generator."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from runbook.catalog import Catalog
from runbook.model import Record
from runbook.records.incident import incident_of
from runbook.records.reading import record_of
from runbook.render.html import join
from runbook.render.monitoring_page import condition
from runbook.render.record_list import moment
from runbook.render.scenario_page import signal_words
from runbook.words import listed, say

NEWEST = 500
"""So many records are in the index, which every phone loads; the list of records has them all."""

_RECORD, _INCIDENT = 0.15, 0.4
"""A record says what was once; whoever searches in need wants what to do first."""


def documents(catalog: Catalog, records: Path, site: Path) -> Iterator[dict[str, Any]]:
    """Causes, alerts, the newest incidents and records, as documents of the theme's index."""
    yield from _causes(catalog)
    yield from _alerts(catalog)
    yield from islice(_incidents(records, site / "records"), NEWEST)
    yield from islice(_records(records, site / "records"), NEWEST)


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


def _incidents(records: Path, pages: Path) -> Iterator[dict[str, Any]]:
    for name in _newest(pages):
        if not (pages / name / "index.html").is_file():
            continue
        incident = incident_of(records / name)
        opened = incident.opened
        title, told = name, [listed(incident.causes)]
        if opened:
            title = say("page.dot").join((name, opened.title))
            facts = (incident.severity or "", moment(opened.at), opened.commander_name)
            told = [say("page.dot").join(facts), *told]
        if name.startswith("DRILL-"):
            told.append(say("page.drill_record"))
        at = f"records/{name}/index.html"
        yield _document(at, title, told) | {"boost": _INCIDENT, "words": [name]}


def _records(records: Path, pages: Path) -> Iterator[dict[str, Any]]:
    for name in _newest(pages):
        for page in sorted((pages / name).glob("*.html"), reverse=True):
            record = record_of(records / name / f"{page.stem}.ipynb")
            if record:
                at = f"records/{quote(name)}/{quote(page.name)}"
                yield _document(at, *_told(record)) | {"boost": _RECORD, "words": [name]}


def _newest(pages: Path) -> list[str]:
    """The names of the incidents that have a page, by their day."""
    names = [one.name for one in pages.iterdir() if one.is_dir()]
    return sorted(names, key=lambda name: name.partition("-")[2], reverse=True)


def _told(record: Record) -> tuple[str, list[str]]:
    title = say("page.colon").join(filter(None, (record.title, listed(record.confirmed))))
    return title, [say("page.dot").join((record.incident, moment(record.at), record.target_title))]


def _document(location: str, title: str, told: list[str]) -> dict[str, Any]:
    text = join(Markup("<p>{}</p>").format(one) for one in told if one)
    return {"location": location, "title": str(Markup("{}").format(title)), "text": str(text)}
