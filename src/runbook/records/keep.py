"""Turning an executed notebook into the record of its run."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import nbformat
import psutil

from runbook.model import Record
from runbook.model.event import Process, RunEnded, RunStarted
from runbook.records.archive import digest, write
from runbook.records.log import append
from runbook.records.page import page


def begin(path: Path, record: Record, deadline: float) -> None:
    """Write into the log that the run of this notebook begins, and in which process."""
    process = psutil.Process(os.getpid())
    started = RunStarted(
        at=record.at,
        record=record.name,
        scenario=record.scenario,
        target=record.target,
        deadline=deadline,
        process=Process(host=platform.node(), pid=process.pid, began=process.create_time()),
    )
    append(path.parent, started.facts)


def keep(path: Path, notebook: dict[str, Any], record: Record, compared: str = "") -> None:
    """Write the notebook with its record, its page beside it, and the event of its making.

    The metadata carries the record without the evidence, which stands in the last cell.
    `compared` is what changed since the last healthy run, as HTML.
    """
    brief = record
    if record.diagnosis is not None:
        short = {"evidence": (), "deployment": None}
        diagnosis = record.diagnosis.model_copy(update=short)
        brief = record.model_copy(update={"diagnosis": diagnosis})
    # Where this machine keeps its files is nobody's business later.
    ran = notebook["metadata"].setdefault("papermill", {})
    ran["input_path"] = f"notebooks/{record.scenario}.ipynb"
    ran["output_path"] = f"records/{record.incident}/{path.name}"
    notebook["metadata"]["runbook"] = brief.model_dump(mode="json")
    write(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
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
        files={file.name: digest(file) for file in (path, html)},
    )
    append(path.parent, ended.facts)
