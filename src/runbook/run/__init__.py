"""Running notebooks side by side and keeping each as a record, whatever happened to it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from runbook.catalog import Catalog
from runbook.diagnosis.compare import compare
from runbook.errors import BadInput, RunbookError
from runbook.evidence import redactor_for
from runbook.model import Absent, Record, RunState, Target
from runbook.records.archive import day_incident, folder_for
from runbook.records.keep import begin, keep
from runbook.records.reading import conclusion, last_healthy, whole_record_of
from runbook.records.tokens import token_key
from runbook.redact import KEY_VARIABLE, Redactor, prepare
from runbook.render.compare import changes_html
from runbook.run.execute import Progress, execute
from runbook.run.leash import Leash
from runbook.run.parameters import Value, checked, declared
from runbook.words import say

__all__ = ["Job", "Kept", "onward", "plan", "run"]

_LONGEST_PATH = 3
_TOGETHER = 2.0  # seconds between the ends of runs that began together, of a healthy system


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

    `tell` is called once all have ended, before their pages are made: nobody waits for those.  A
    KeyboardInterrupt ends the kernels, keeps what there is, and shows as their state.
    """
    incident = _incident(jobs[0], at)
    os.environ[KEY_VARIABLE] = token_key(records, incident).decode()
    redactor = redactor_for([job.target for job in jobs], catalog.public)
    pin_folders(catalog)
    folder = folder_for(records, incident)
    outputs = [begin(folder, job.slug, job.target.id, at, job.deadline) for job in jobs]
    leashes = [Leash(job.deadline) for job in jobs]
    told = Event()
    with ThreadPoolExecutor(max_workers=2 * len(jobs)) as threads:
        running = [
            threads.submit(_ran, catalog, job, output, at, leash, redactor, progress)
            for job, output, leash in zip(jobs, outputs, leashes, strict=True)
        ]
        keeping = [threads.submit(_kept, one, told) for one in running]
        try:
            prepare()  # while the kernels look
            ran = [one.result() for one in running]
        except KeyboardInterrupt:
            for leash in leashes:
                leash.cut(RunState.INTERRUPTED)
            ran = [one.result() for one in running]
        tell([Kept(one.record, one.output) for one in ran])
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


class _Ran(NamedTuple):
    record: Record
    output: Path
    notebook: dict[str, Any]


def _ran(
    catalog: Catalog,
    job: Job,
    output: Path,
    at: datetime,
    leash: Leash,
    redactor: Redactor,
    progress: Progress,
) -> _Ran:
    clock = time.monotonic()
    root, given = catalog.root, job.parameters
    ending = execute(job.notebook, output, given, root, leash, redactor, progress)
    diagnosis = conclusion(ending.notebook)
    state, message = ending.state, ending.message
    if diagnosis is None and state is RunState.COMPLETE:
        state, message = RunState.BROKEN, say("run.no_conclusion")
    record = _record(catalog, job, output, at).model_copy(
        update={
            "seconds": round(time.monotonic() - clock, 2),
            "state": RunState.COMPLETE if diagnosis else state,
            "message": None if diagnosis else message,
            "diagnosis": diagnosis,
        }
    )
    return _Ran(record, output, ending.notebook)


def _kept(running: Future[_Ran], told: Event) -> Kept:
    record, output, notebook = running.result()
    # The verdicts of the others come before this page, unless they take long.
    told.wait(_TOGETHER)
    try:
        keep(output, notebook, record, _compared(output, record))
    except RunbookError as error:
        if not output.stat().st_size:
            output.unlink()
        return Kept(record, output, warning=str(error))
    return Kept(record, output)


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
