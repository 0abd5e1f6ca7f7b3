"""An incident as its log tells it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from runbook.model.event import event_of
from runbook.model.incident import Incident
from runbook.records.log import Line, lines


def incident_of(folder: Path) -> Incident:
    """The incident in the folder."""
    return told(folder.name, lines(folder))


def told(name: str, log: Iterable[Line]) -> Incident:
    """The incident these lines tell of; those nobody can read are left out: `verify` names them."""
    events = (event_of(line.event) for line in log)
    return Incident(name, tuple(event for event in events if event is not None))


def incidents_in(records: Path) -> list[Path]:
    """The folders of the incidents below `records`, by name; a link is none of them."""
    return sorted(one for one in records.glob("*-*-*") if one.is_dir() and not one.is_symlink())
