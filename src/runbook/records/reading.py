"""A record as it was kept, read from its notebook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from runbook.errors import BadInput
from runbook.model import ACTION_TYPE, DIAGNOSIS_TYPE, Acted, Diagnosis, Record, Verdict
from runbook.records.incident import incidents_in
from runbook.records.log import lines
from runbook.words import say

_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    ValidationError,
)


def record_of(notebook: Path) -> Record | None:
    """The record in the notebook, in short; None where it is no record of ours, or damaged."""
    try:
        return Record.model_validate(json.loads(notebook.read_bytes())["metadata"]["runbook"])
    except _UNREADABLE:
        return None


def whole_record_of(notebook: Path) -> Record | None:
    """The record with all the evidence that its last cell left; None as in `record_of`."""
    try:
        read = json.loads(notebook.read_bytes())
        record = Record.model_validate(read["metadata"]["runbook"])
        left = list(_diagnoses(read))
        whole = Diagnosis.model_validate(left[-1]) if left else None
    except _UNREADABLE:
        return None
    return record.model_copy(update={"diagnosis": whole})


def conclusion(notebook: Mapping[str, Any]) -> Diagnosis | None:
    """What the last cell left; None where it was not reached, or left something else."""
    for cell in notebook["cells"][-1:]:
        for output in cell.get("outputs", ()):
            with suppress(KeyError, ValidationError):
                return Diagnosis.model_validate(output["data"][DIAGNOSIS_TYPE])
    return None


def acted(notebook: Mapping[str, Any]) -> Acted | None:
    """What a notebook says became of its action; None where it did not come so far."""
    told = None
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            with suppress(KeyError, ValidationError):
                told = Acted.model_validate(output["data"][ACTION_TYPE])
    return told


def last_healthy(records: Path, record: Record) -> Path | None:
    """The newest record before this one of the same scenario and target that found nothing.

    Read from the logs, from the newest day back; None where there is none.
    """
    folders = incidents_in(records)
    day_of = {one: one.name.partition("-")[2] for one in folders}
    wanted = {
        "event": "run",
        "verdict": Verdict.PASS,
        "scenario": record.scenario,
        "target": record.target,
    }
    newest: tuple[datetime, Path] | None = None
    for folder in sorted(folders, key=lambda one: day_of[one], reverse=True):
        # A day is longer than its name in another zone.
        if newest and day_of[folder][:8] < f"{newest[0] - timedelta(days=1):%Y%m%d}":
            break
        for line in lines(folder):
            event = line.event
            if any(event.get(key) != value for key, value in wanted.items()):
                continue
            at, path = datetime.fromisoformat(event["at"]), folder / f"{event['record']}.ipynb"
            before = at < record.at and path.is_file()
            if before and (newest is None or at > newest[0]):
                newest = at, path
    return newest[1] if newest else None


def find(name: str, records: Path) -> Path:
    """The notebook meant by a path, or by `<incident>/<name>` below `records`; raises BadInput."""
    for candidate in (Path(name), records / name, records / f"{name}.ipynb"):
        if candidate.is_file():
            return candidate
    raise BadInput(say("record.not_there", name=ascii(name), folder=records))


def _diagnoses(notebook: dict[str, Any]) -> Iterator[Any]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if DIAGNOSIS_TYPE in output.get("data", {}):
                yield output["data"][DIAGNOSIS_TYPE]
