"""A record as scripts read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from runbook.model import Record, Verdict


def summary(record: Record, path: Path) -> dict[str, Any]:
    """What scripts read of a run."""
    diagnosis = record.diagnosis
    return {
        "scenario": record.scenario,
        "target": record.target,
        "state": record.state,
        "verdict": diagnosis.verdict if diagnosis else Verdict.UNKNOWN,
        "severity": diagnosis.severity if diagnosis else None,
        "causes": [
            {"id": cause.id, "state": cause.state, "belongs_to": cause.belongs_to}
            for cause in (diagnosis.causes if diagnosis else ())
        ],
        "findings": [
            finding.model_dump(
                mode="json", include={"check", "verdict", "signal", "expected", "observed"}
            )
            for finding in (diagnosis.findings if diagnosis else ())
        ],
        "next": [step.model_dump() for step in (diagnosis.next if diagnosis else ())],
        "tell": list(diagnosis.tell) if diagnosis else [],
        "message": record.message,
        "path": list(record.path),
        "record": shown(path),
        "seconds": record.seconds,
    }


def shown(path: Path) -> str:
    """The path as a person here would type it."""
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
