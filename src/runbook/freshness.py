"""What must be looked at again and by when: every page, scenario, contact, vendor and threshold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from runbook.catalog import Catalog
from runbook.model import Exercise, Kept, Kind, Record, Review
from runbook.model.incident import Incident
from runbook.records.incident import incident_of, incidents_in
from runbook.records.reading import record_of

Name = tuple[Kind, str]


def board(catalog: Catalog, exercised: Mapping[Name, Exercise]) -> list[Kept]:
    """Everything the handbook rests on, what expires first at the top."""
    found = [_kept(catalog, thing, exercised.get(thing[:2])) for thing in _things(catalog)]
    return sorted(found, key=lambda one: one.until or date.min)


def exercises(catalog: Catalog, records: Path) -> dict[Name, Exercise]:
    """The last time each thing was used in a run or an incident, as `records` tells."""
    return latest(used_in(catalog, folder) for folder in incidents_in(records))


def used_in(catalog: Catalog, folder: Path) -> dict[Name, Exercise]:
    """The last time each thing was used in the incident.

    A scenario is used by a run that came to its end, a threshold by a check of such a run that
    borrows it, a contact by an incident in which they had duty or command.
    """
    # What has no page yet proves nothing to anybody.
    pages = (one for one in sorted(folder.glob("*.ipynb")) if one.with_suffix(".html").is_file())
    read = (record_of(file) for file in pages)
    runs = _used_by_runs(catalog, (one for one in read if one))
    return latest({name: used} for name, used in (*runs, *_used_by_incident(incident_of(folder))))


def latest(many: Iterable[Mapping[Name, Exercise]]) -> dict[Name, Exercise]:
    """Of each thing the last use that any of them tells of."""
    last: dict[Name, Exercise] = {}
    for used in many:
        for name, exercise in used.items():
            if name not in last or exercise.at > last[name].at:
                last[name] = exercise
    return last


def period(catalog: Catalog, kind: Kind) -> timedelta:
    """How long a review of such a thing is good for."""
    found: timedelta = getattr(catalog.reviews.periods, kind)
    return found


def _used_by_runs(catalog: Catalog, records: Iterable[Record]) -> Iterator[tuple[Name, Exercise]]:
    for record in records:
        if record.diagnosis is None:
            continue
        exercise = Exercise(record.at, f"{record.incident}/{record.name}.html")
        yield ("scenario", record.scenario), exercise
        for finding in record.diagnosis.findings:
            check = catalog.checks.get(finding.check)
            for threshold in check.thresholds.values() if check else ():
                yield ("threshold", threshold), exercise


def _used_by_incident(incident: Incident) -> Iterator[tuple[Name, Exercise]]:
    opened = incident.opened
    if opened is None:
        return
    duty = (opened.on_call.primary, opened.on_call.secondary) if opened.on_call else ()
    for person in dict.fromkeys((opened.commander, *duty)):
        yield ("contact", person), Exercise(opened.at, f"{incident.name}/index.html")


_Thing = tuple[Kind, str, str, str, Review | None]
"""Its kind and name, its title, the page it stands on, its review if anybody made one."""


def _things(catalog: Catalog) -> Iterator[_Thing]:
    for name, page in catalog.pages.items():
        slug = name.removeprefix("scenarios/")
        at = f"{name}.html"
        if name != slug and slug in catalog.scenarios:
            yield ("scenario", slug, catalog.scenarios[slug].title, at, page)
        else:
            yield ("page", name, _heading(catalog.root / "docs" / f"{name}.md"), at, page)
    reviews = catalog.reviews
    for name, person in catalog.contacts.items():
        yield ("contact", name, person.name, "contacts.html", reviews.contacts.get(name))
    for name, vendor in catalog.vendors.items():
        yield ("vendor", name, vendor.name, "contacts.html", reviews.vendors.get(name))
    for name, one in catalog.monitoring.thresholds.items():
        yield ("threshold", name, one.title, "monitoring.html", reviews.thresholds.get(name))


def _kept(catalog: Catalog, thing: _Thing, exercise: Exercise | None) -> Kept:
    kind, *_, review = thing
    until = review.reviewed + period(catalog, kind) if review else None
    if kind == "scenario" and until is not None:
        used = exercise and exercise.at.date() + catalog.reviews.periods.exercise
        until = min(until, used) if used else None
    return Kept(*thing, exercise, until)


def _heading(page: Path) -> str:
    """The title of a page, as it is written at its top."""
    found = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else page.stem
