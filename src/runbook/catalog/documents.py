"""The files of `data/` as they are written, for whoever wants to know where something stands."""

from __future__ import annotations

from pathlib import Path

from runbook.catalog.strict_yaml import Document
from runbook.catalog.survey import survey


def documents(root: Path) -> dict[str, Document]:
    """Every file of `data/` but the targets, by its path in there without its ending."""
    return {name: one.document for name, one in survey(root).salvaged.items()}
