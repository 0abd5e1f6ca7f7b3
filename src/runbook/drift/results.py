"""The last comparison of each target, kept as a file of its own."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from runbook.model.drift import Comparison

FRESH = timedelta(days=7)
"""How long a comparison is news: deployments change every week."""


def keep(comparison: Comparison, records: Path) -> Path:
    """The file it was written to, whole or not at all; the one before is gone.

    Raises OSError.
    """
    file = _file(records, comparison.target)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    half.write_text(comparison.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return half.replace(file)


def last(records: Path, target: str) -> Comparison | None:
    """The last comparison of the target; None where there is none that can be read."""
    try:
        text = _file(records, target).read_text(encoding="utf-8")
        found = Comparison.model_validate_json(text)
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
    return found if found.target == target else None


def edition(root: Path) -> str:
    """A hash of everything the runbook says: the data and the pages."""
    digest = hashlib.sha256()
    for file in sorted([*(root / "data").rglob("*.yml"), *(root / "docs").rglob("*.md")]):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _file(records: Path, target: str) -> Path:
    return records / "drift" / f"{target}.json"
