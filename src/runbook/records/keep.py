"""Turning an executed notebook into the record of its run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

from runbook.model import Record
from runbook.records.archive import append_event, digest, write
from runbook.records.page import page


def keep(path: Path, notebook: dict[str, Any], record: Record) -> None:
    """Write the notebook with its record, its page beside it, and the event of its making.

    The metadata carries the record without the evidence, which stands in the last cell.
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
    write(path.with_suffix(".html"), page(node, record))
    append_event(
        path.parent,
        {
            "at": record.at.isoformat(),
            "event": "run",
            "record": record.name,
            "scenario": record.scenario,
            "target": record.target,
            "state": record.state.value,
            "verdict": record.diagnosis.verdict.value if record.diagnosis else None,
            "confirmed": list(record.confirmed),
            "sha256": digest(path),
        },
    )
