"""Running notebooks side by side and keeping each as a record, whatever happened to it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from pydantic import ValidationError

from runbook.catalog import Catalog
from runbook.diagnosis.compare import compare
from runbook.errors import BadInput, RunbookError
from runbook.evidence import redactor_for
from runbook.model import Absent, Diagnosis, Record, RunState, Target
from runbook.records.archive import day_incident, folder_for
from runbook.records.keep import begin, keep
from runbook.records.reading import conclusion, last_healthy, whole_record_of
from runbook.records.tokens import token_key
from runbook.redact import KEY_VARIABLE, Redactor, prepare
from runbook.redact.notebook import redact_again
from runbook.render.compare import changes_html
from runbook.run.execute import Ending, Progress, execute
from runbook.run.leash import Leash
from runbook.run.parameters import Value, checked, declared
from runbook.words import say

__all__ = ["Job", "Kept", "onward", "plan", "run"]

_LONGEST_PATH = 3
_TOGETHER = 1.0  # seconds between the ends of runs that began together, of a healthy system


@dataclass(frozen=True)
class Job:
    """One notebook about to run: everything in it has been checked.

    `path` are the records that led to it.
    """

    slug: str
    notebook: Path
    parameters: Mapping[str, Value]
    target: Target | Absent
    deadline: float
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A run and the notebook it left; `warning` says why that is not all there, if it is not."""

    record: Record
    path: Path
    warning: str | None = None


def plan(catalog: Catalog, slugs: Sequence[str], given: Mapping[str, str]) -> list[Job]:
    """The jobs for these scenarios with these parameters, as text; raises BadInput, BadData."""
    jobs = []
    for slug in dict.fromkeys(slugs):
        if not catalog.scenario(slug).checks:
            raise BadInput(say("notebook.none", scenario=slug))
        notebook = catalog.notebook(slug)
        known = declared(notebook)
        values = checked(given, known, catalog)
        settled = {**known, **values}
        target = catalog.target(str(settled["target"]))
        jobs.append(Job(slug, notebook, values, target, float(settled["deadline"])))
    return jobs


def onward(
    catalog: Catalog, kept: Sequence[Kept], given: Mapping[str, str], seen: Set[tuple[str, str]]
) -> list[Job]:
    """The jobs for the scenarios that what was just found belongs to, on the same target.

    None of them was `seen` before, as scenario and target.  A path is three notebooks long at
    most: who still knows nothing then needs a person.
    """
    led: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in kept:
        path = (*one.record.path, one.record.name)
        if one.record.diagnosis is not None and len(path) < _LONGEST_PATH:
            for slug in one.record.diagnosis.elsewhere:
                if (slug, one.record.target) not in seen:
                    led.setdefault((slug, one.record.target), path)
    return [
        replace(job, path=path)
        for (slug, target), path in led.items()
        for job in plan(catalog, [slug], {**given, "target": target})
    ]


def run(
    catalog: Catalog,
    jobs: Sequence[Job],
    records: Path,
    at: datetime,
    progress: Progress,
    tell: Callable[[Sequence[Kept]], None],
) -> list[Kept]:
    """The records of the jobs, run side by side from the moment `at`; raises BadInput.

    `tell` is called once all have come to their conclusion, without its evidence, or have ended:
    before that is redacted and saved, and before pages are made.  A KeyboardInterrupt ends the
    kernels, keeps what there is, and shows as their state.
    """
    incident = _incident(jobs[0], at)
    os.environ[KEY_VARIABLE] = token_key(records, incident).decode()
    redactor = redactor_for([job.target for job in jobs], catalog.public)
    pin_folders(catalog)
    folder = folder_for(records, incident)
    runs = [_begun(catalog, job, folder, at) for job in jobs]
    told = Event()
    with ThreadPoolExecutor(max_workers=len(runs)) as threads:
        keeping = [
            threads.submit(_kept, one, catalog.root, redactor, progress, told) for one in runs
        ]
        try:
            prepare()  # while the kernels look
            ended = [_verdict(*one) for one in zip(runs, keeping, strict=True)]
        except KeyboardInterrupt:
            for one in runs:
                one.leash.cut(RunState.INTERRUPTED)
            ended = [_verdict(*one) for one in zip(runs, keeping, strict=True)]
        tell([Kept(record, one.output) for record, one in zip(ended, runs, strict=True)])
        told.set()
        return [one.result() for one in keeping]


def pin_folders(catalog: Catalog) -> None:
    """What was relative to our folder must not change in a kernel, which has another."""
    os.environ["RUNBOOK_ROOT"] = str(catalog.root)
    for name in catalog.state_variables:
        if name in os.environ:
            os.environ[name] = str(Path(os.environ[name]).resolve())


def _incident(job: Job, at: datetime) -> str:
    return str(job.parameters.get("incident") or "") or day_incident(at, job.target.labels.drill)


class _Run(NamedTuple):
    """A run that has begun; its verdict is the record as it can be told, before it is kept."""

    job: Job
    output: Path
    record: Record
    leash: Leash
    verdict: Future[Record]


def _begun(catalog: Catalog, job: Job, folder: Path, at: datetime) -> _Run:
    output = begin(folder, job.slug, job.target.id, at, job.deadline)
    return _Run(job, output, _record(catalog, job, output, at), Leash(job.deadline), Future())


def _verdict(run: _Run, keeping: Future[Kept]) -> Record:
    either: list[Future[Any]] = [run.verdict, keeping]
    wait(either, return_when=FIRST_COMPLETED)
    return run.verdict.result() if run.verdict.done() else keeping.result().record


def _kept(run: _Run, root: Path, redactor: Redactor, progress: Progress, told: Event) -> Kept:
    clock = time.monotonic()

    def tell(changes: Mapping[str, Any]) -> None:
        seconds = round(time.monotonic() - clock, 2)
        run.verdict.set_result(run.record.model_copy(update={"seconds": seconds, **changes}))
        # The verdicts of the others come before what follows here, unless they take long.
        told.wait(_TOGETHER)

    def heard(cell: dict[str, Any]) -> None:
        if diagnosis := _in_short(cell, redactor):
            tell(_whole(diagnosis))

    notebook, parameters = run.job.notebook, run.job.parameters
    ending = execute(notebook, run.output, parameters, root, run.leash, redactor, progress, heard)
    diagnosis = conclusion(ending.notebook)
    changes = _whole(diagnosis) if diagnosis else _broken(ending)
    if not run.verdict.done():
        tell(changes)
    record = run.verdict.result().model_copy(update=changes)
    try:
        keep(run.output, ending.notebook, record, _compared(run.output, record))
    except RunbookError as error:
        if not run.output.stat().st_size:
            run.output.unlink()
        return Kept(record, run.output, warning=str(error))
    return Kept(record, run.output)


def _in_short(cell: dict[str, Any], redactor: Redactor) -> Diagnosis | None:
    """What the cell concludes, fit to be shown; to redact its evidence too takes far longer."""
    if (diagnosis := conclusion({"cells": [cell]})) is None:
        return None
    with suppress(ValidationError):
        brief = redact_again(diagnosis.brief.model_dump(mode="json"), redactor)
        return Diagnosis.model_validate(brief)
    return None


def _whole(diagnosis: Diagnosis) -> dict[str, Any]:
    return {"state": RunState.COMPLETE, "message": None, "diagnosis": diagnosis}


def _broken(ending: Ending) -> dict[str, Any]:
    state, message = ending.state, ending.message
    if state is RunState.COMPLETE:
        state, message = RunState.BROKEN, say("run.no_conclusion")
    return {"state": state, "message": message, "diagnosis": None}


def _compared(output: Path, record: Record) -> str:
    """What changed since the last healthy run, for the page; nothing where there was none."""
    healthy = last_healthy(output.parent.parent, record)
    kept = whole_record_of(healthy) if healthy else None
    if healthy is None or kept is None or kept.diagnosis is None or record.diagnosis is None:
        return ""
    changes = compare(kept.diagnosis, record.diagnosis)
    return changes_html(changes, f"../{healthy.parent.name}/{healthy.stem}")


def _record(catalog: Catalog, job: Job, output: Path, at: datetime) -> Record:
    """The record as it is when the run begins."""
    return Record(
        incident=output.parent.name,
        name=output.stem,
        scenario=job.slug,
        title=catalog.scenarios[job.slug].title,
        target=job.target.id,
        target_title=job.target.title,
        at=at,
        seconds=0.0,
        state=RunState.INTERRUPTED,
        path=job.path,
    )
