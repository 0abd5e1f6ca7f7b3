"""Finishing what a run that was killed has left."""

from __future__ import annotations

import json
import platform
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from runbook.catalog import Catalog
from runbook.model import Absent, Record, RunState, Target
from runbook.model.event import Process, RunStarted
from runbook.records.incident import incident_of
from runbook.records.keep import keep
from runbook.records.reading import record_of, whole_record_of
from runbook.words import say

_GRACE = timedelta(minutes=1)  # beyond the deadline, for a run on another machine


class Recovered(NamedTuple):
    """A run that is a record now, how much of it there was, and what was left behind."""

    record: Record
    cells: int
    path: Path


def recover(catalog: Catalog, folder: Path, now: datetime) -> list[Recovered]:
    """The runs of the incident that died, each a record now; those that still go on are left."""
    dead = [one for one in incident_of(folder).unfinished if _is_dead(one, now)]
    return [_recovered(catalog, folder, start) for start in dead]


def _is_dead(start: RunStarted, now: datetime) -> bool:
    """Whether nobody writes this record any more.

    Where its process cannot be seen, a run is over when its deadline is.
    """
    if start.process.host == platform.node():
        return not _alive(start.process)
    return now > start.at + timedelta(seconds=start.deadline) + _GRACE


def _alive(process: Process) -> bool:
    try:
        return abs(psutil.Process(process.pid).create_time() - process.began) < 1
    except psutil.Error:
        return False


def _recovered(catalog: Catalog, folder: Path, start: RunStarted) -> Recovered:
    path = folder / f"{start.record}.ipynb"
    # A whole record that only lacks its event, or the page.
    record, notebook = whole_record_of(path), _notebook(path)
    if record_of(path) is None or record is None or notebook is None:
        notebook = notebook or _notebook(catalog.notebook(start.scenario)) or {}
        record = _cut_short(catalog, folder, start)
    keep(path, notebook, record)
    for left in folder.glob(f".{path.name}.*"):
        left.unlink()
    for left in folder.glob(f".{path.stem}.html.*"):
        left.unlink()
    ran = sum(bool(cell.get("execution_count")) for cell in notebook["cells"])
    return Recovered(record, ran, path)


def _cut_short(catalog: Catalog, folder: Path, start: RunStarted) -> Record:
    target: Target | Absent | None = None
    if start.target in catalog.target_names:
        target = catalog.target(start.target)
    return Record(
        incident=folder.name,
        name=start.record,
        scenario=start.scenario,
        title=catalog.scenario(start.scenario).title,
        target=start.target,
        target_title=target.title if target else start.target,
        at=start.at,
        seconds=0.0,
        state=RunState.KILLED,
        message=say("run.killed"),
    )


def _notebook(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "cells" in found else None
