"""Finishing what a run that was killed has left."""

from __future__ import annotations

import json
import platform
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from runbook.catalog import Catalog
from runbook.errors import RunbookError
from runbook.model import Absent, Outcome, Record, RunState, Target
from runbook.model.event import Process, RunStarted
from runbook.model.incident import Incident
from runbook.records.archive import REPORT, remains
from runbook.records.incident import incident_of, told
from runbook.records.keep import began, keep
from runbook.records.log import Head, Log, locked
from runbook.records.reading import acted, conclusion, record_of, whole_record_of
from runbook.records.seal import SEAL, SIGNATURE, seal
from runbook.words import say

_WHOLE = (REPORT, SEAL, SIGNATURE)  # written with the log in hand
_GRACE = timedelta(minutes=1)  # beyond the deadline, for a run on another machine


class Recovered(NamedTuple):
    """A run that is a record now, how much of it there was, and what was left behind."""

    record: Record
    cells: int
    path: Path


def recover(catalog: Catalog, folder: Path, now: datetime) -> list[Recovered]:
    """The runs of the incident that died, each a record now; those that still go on are left.

    Raises RunbookError where a record cannot be written; what was there is left as it was.
    """
    with suppress(OSError):
        folder.rmdir()  # only where it is empty: who made it died before the first word
    left = [one for name in _WHOLE for one in remains(folder, name)]
    if not left and not any(_is_dead(one, now) for one in incident_of(folder).unfinished):
        return []
    # Asked again with the log in our hands: somebody else may recover at the same time.
    with locked(folder) as log:
        for one in left:
            one.unlink(missing_ok=True)
        dead = [one for one in told(folder.name, log.lines()).unfinished if _is_dead(one, now)]
        return [_recovered(catalog, folder, start, log) for start in dead]


def seal_left_open(folder: Path, now: datetime) -> Head | None:
    """The head as it is sealed now, where somebody resolved the incident and died; None elsewhere.

    So would be who took the seal away: only a head that is kept elsewhere tells one from the other.
    """
    if incident_of(folder).resolved is None or (folder / SEAL).exists():
        return None
    return seal(folder, now)


def _is_dead(start: RunStarted, now: datetime) -> bool:
    """Whether nobody writes this record any more.

    Where its process cannot be seen, a run is over when its deadline is.
    """
    if start.process.host == platform.node():
        return not _alive(start.process)
    return now > start.at + timedelta(seconds=start.deadline) + _GRACE


def _alive(process: Process) -> bool:
    try:
        return abs(began(process.pid) - process.began) < 1
    except psutil.Error:
        return False


def _recovered(catalog: Catalog, folder: Path, start: RunStarted, log: Log) -> Recovered:
    path = folder / f"{start.record}.ipynb"
    # A whole record that only lacks its event, or the page.
    record, notebook = whole_record_of(path), _notebook(path)
    if record_of(path) is None or record is None or notebook is None:
        notebook = notebook or _planned(catalog, start.scenario)
        incident = told(folder.name, log.lines())
        record = _cut_short(catalog, incident, start, notebook)
    keep(path, notebook, record, log=log)
    for left in (*remains(folder, path.name), *remains(folder, f"{path.stem}.html")):
        left.unlink(missing_ok=True)
    ran = sum(bool(cell.get("execution_count")) for cell in notebook["cells"])
    return Recovered(record, ran, path)


def _cut_short(
    catalog: Catalog, incident: Incident, start: RunStarted, notebook: dict[str, Any]
) -> Record:
    """The record of a run that was killed: whole where only the keeping of it was cut short."""
    target: Target | Absent | None = None
    with suppress(RunbookError):  # only its title is wanted
        target = catalog.target(start.target)
    scenario, diagnosis = catalog.scenarios.get(start.scenario), conclusion(notebook)
    action = acted(notebook)
    complete = diagnosis is not None or (action and action.outcome is not Outcome.INTERRUPTED)
    return Record(
        incident=incident.name,
        name=start.record,
        scenario=start.scenario,
        title=start.action or (scenario.title if scenario else start.scenario),
        target=start.target,
        target_title=target.title if target else start.target,
        at=start.at,
        seconds=0.0,
        state=RunState.COMPLETE if complete else RunState.KILLED,
        message=None if complete else _how_far(incident, start),
        diagnosis=diagnosis,
        action=action,
    )


def _how_far(incident: Incident, start: RunStarted) -> str:
    """What is known of a run that was killed: of one that was to act, whether it had begun to."""
    if start.action is None:
        return say("run.killed")
    begun = any(one.record == start.record for one in incident.acting)
    return say("act.lost" if begun else "act.killed")


def _planned(catalog: Catalog, scenario: str) -> dict[str, Any]:
    """The notebook as it would have run; an empty one where there is none of that name any more."""
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return _notebook(catalog.notebook(scenario)) or empty


def _notebook(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "cells" in found else None
