"""Turning an executed notebook into the record of its run."""

from __future__ import annotations

import json
import os
import platform
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import psutil

from runbook.errors import BadInput, RunbookError
from runbook.model import Record
from runbook.model.action import REMEDIATION
from runbook.model.event import Process, RunEnded, RunStarted
from runbook.records.archive import digest, write
from runbook.records.log import Log, append, locked


def begin(
    folder: Path,
    scenario: str,
    target: str,
    at: datetime,
    deadline: float,
    action: str | None = None,
) -> Path:
    """A new notebook of its own, `<HHMMSS>-<scenario>.ipynb`, still empty.

    The log says before it is there that its run begins, and in which process: so that a file nobody
    entered is always a stranger's; `action` is what it is to do to the target.  Raises BadInput
    where nothing can be written.
    """
    process = Process(host=platform.node(), pid=os.getpid(), began=began(os.getpid()))
    try:
        with locked(folder) as log:
            path = _free(folder, f"{at:%H%M%S}-{scenario}", log)
            started = RunStarted(
                at=at,
                record=path.stem,
                scenario=scenario,
                target=target,
                deadline=deadline,
                process=process,
                action=action,
            )
            log.append(started.facts)
            path.touch(mode=0o644)
    except RunbookError as error:
        raise BadInput(str(error)) from error
    return path


def began(pid: int) -> float:
    """When the process was started, in seconds since the machine was: no clock changes that.

    Raises psutil.Error where there is none, or only what its parent has not collected yet.
    """
    process = psutil.Process(pid)
    if process.status() == psutil.STATUS_ZOMBIE:
        raise psutil.ZombieProcess(pid)
    return process.create_time() - psutil.boot_time()


def _free(folder: Path, name: str, log: Log) -> Path:
    for number in count(1):
        path = folder / f"{name}{f'-{number}' if number > 1 else ''}.ipynb"
        if not path.exists() and not log.tells_of(path.stem):
            return path
    raise AssertionError  # count() never ends


def keep(
    path: Path,
    notebook: dict[str, Any],
    record: Record,
    compared: str = "",
    log: Log | None = None,
) -> None:
    """Write the notebook with its record, its page beside it, and the event of its making.

    The metadata carries the record without the evidence, which stands in the last cell.
    `compared` is what changed since the last healthy run, as HTML; `log` is the log of the incident
    where it is already in our hands.  Raises RunbookError where something cannot be written.
    """
    brief = record
    if record.diagnosis is not None:
        brief = record.model_copy(update={"diagnosis": record.diagnosis.brief})
    # Where this machine keeps its files is nobody's business later.
    ran = notebook["metadata"].setdefault("papermill", {})
    ran["input_path"] = f"notebooks/{record.scenario}.ipynb"
    ran["output_path"] = f"records/{record.incident}/{path.name}"
    notebook["metadata"]["runbook"] = brief.model_dump(mode="json")
    write(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    # Only now: what makes pages takes longer to import than all the rest, and the evidence is safe.
    from runbook.records.page import page

    node = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    html = path.with_suffix(".html")
    write(html, page(node, record, compared))
    ended = RunEnded(
        at=record.at,
        record=record.name,
        scenario=record.scenario,
        target=record.target,
        state=record.state,
        verdict=record.diagnosis.verdict if record.diagnosis else None,
        confirmed=record.confirmed,
        action=record.title if record.scenario == REMEDIATION else None,
        files={file.name: digest(file) for file in (path, html)},
    )
    if log is None:
        append(path.parent, ended.facts)
    else:
        log.append(ended.facts)
