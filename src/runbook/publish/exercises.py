"""A page for each record of a drill on which people look for the cause themselves."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from runbook.catalog import Catalog
from runbook.model import Diagnosis, Finding, Record
from runbook.publish.months import by_month, newest, publish_months
from runbook.publish.shelf import Shelf
from runbook.publish.write import fill, write
from runbook.records.clean import clean
from runbook.records.page import rendered
from runbook.records.reading import record_of, whole_record_of
from runbook.render.exercise_list import exercise_list, exercise_section
from runbook.render.finding import diagnosis_html, evidence_html, findings_html
from runbook.render.html import join
from runbook.render.record_list import moment
from runbook.words import say


class Step(NamedTuple):
    """One finding to be looked at, with all that its probes saw and no step before has shown."""

    question: str
    expected: str
    observed: str
    evidence: list[Markup]


class Listed(NamedTuple):
    """A drill with so many exercises, and their part of the list."""

    name: str
    size: int
    html: str


def publish_exercises(
    catalog: Catalog, records: Path, site: Path, shelf: Shelf | None = None
) -> int:
    """The number of exercises now on the site, one for each drill that came to its end.

    They are listed, without what was found, between the markers of `exercises.html`, and by month
    on pages beside it; an edition without that page has none.
    """
    listing = site / "exercises.html"
    if not listing.is_file():
        return 0
    shelf = shelf or Shelf(records, site / "records")
    found: list[Listed] = []
    for folder in reversed(shelf.folders):
        if not folder.name.startswith("DRILL-"):
            continue
        put, anew = partial(_put, catalog, site / "records"), not shelf.stands(folder)
        one = Listed(*shelf.of(folder, "exercises", put, anew=anew))
        if one.size:
            found.append(one)
    months = by_month(found)
    lists = {month: _sections(of) for month, of in months.items()}
    fill(listing, "exercises", exercise_list(_sections(newest(found)), list(months)))
    publish_months(listing, "exercises", "exercises-", lists)
    return sum(one.size for one in found)


def _put(catalog: Catalog, site_records: Path, folder: Path) -> list[Any]:
    """What the list tells of the drill, whose exercises have their pages by then."""
    kept, pages = [], site_records / folder.name
    for record, diagnosis in _ended(catalog, folder):
        linked = (pages / f"{record.name}.html").is_file()
        html = exercise_page(catalog, record, diagnosis, linked)
        write(pages / f"{record.name}-exercise.html", html)
        kept.append(record)
    return list(Listed(folder.name, len(kept), exercise_section(folder.name, kept)))


def _sections(found: Iterable[Listed]) -> Markup:
    return join(Markup(one.html) for one in found)  # noqa: S704 - escaped where it was made


def exercise_page(catalog: Catalog, record: Record, diagnosis: Diagnosis, linked: bool) -> str:
    """The whole HTML: evidence that opens step by step, the causes to choose from, what was true.

    Only its own script runs, allowed by its hash; without it the page is one of nested details, and
    people keep the time themselves.  `linked` says whether the page of the record stands beside it.
    """
    scenario = catalog.scenarios[diagnosis.scenario]
    script = resources.files("runbook.publish").joinpath("exercise.js").read_text(encoding="utf-8")
    titles = {name: check.title for name, check in catalog.checks.items()}
    scenarios = {slug: one.title for slug, one in catalog.scenarios.items()}
    judged = diagnosis.model_copy(update={"evidence": ()})
    zone = catalog.rotation.tz
    told = diagnosis_html(judged, titles, scenarios, "", (), zone)
    return rendered(
        "runbook.publish",
        "exercise.html",
        record=record,
        at=moment(record.at),
        symptom=scenario.symptom,
        steps=list(_steps(catalog, diagnosis, zone)),
        choices={one.id: one.title for one in diagnosis.causes}
        | {name: cause.title for name, cause in scenario.causes.items()},
        states={one.id: one.state.value for one in diagnosis.causes},
        conclusion=_cleaned(told),
        findings=_cleaned(findings_html(diagnosis.findings)),
        page=linked,
        script=Markup(script),  # noqa: S704 - ours
        script_hash=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        say=lambda key, /, **facts: say(f"exercise.{key}", **facts),
    )


def _ended(catalog: Catalog, folder: Path) -> Iterator[tuple[Record, Diagnosis]]:
    for notebook in sorted(folder.glob("[!.]*.ipynb")):
        record = None if notebook.is_symlink() else whole_record_of(notebook)
        if record is not None and record.diagnosis is None:
            record = record_of(notebook)  # what was found in short is kept apart
        if record is None or record.diagnosis is None:
            continue
        if record.diagnosis.findings and record.scenario in catalog.scenarios:
            yield record, record.diagnosis


def _steps(catalog: Catalog, diagnosis: Diagnosis, zone: tzinfo) -> Iterator[Step]:
    unseen = {one.probe: one for one in diagnosis.evidence}
    for finding in diagnosis.findings:
        read = [unseen.pop(probe) for probe in _probes(catalog, finding) if probe in unseen]
        shown = [_cleaned(evidence_html(one, zone)) for one in read]
        yield Step(finding.question, finding.expected, finding.observed, shown)


def _probes(catalog: Catalog, finding: Finding) -> tuple[str, ...]:
    check = catalog.checks.get(finding.check)
    return check.reads if check else ()


def _cleaned(html: str) -> Markup:
    return Markup(clean(html))  # noqa: S704 - that is what cleaning is for
