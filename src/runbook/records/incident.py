"""An incident as its log tells it."""

from __future__ import annotations

from pathlib import Path

from runbook.model.event import event_of
from runbook.model.incident import Incident
from runbook.records.log import lines


def incident_of(folder: Path) -> Incident:
    """The incident in the folder; lines nobody can read are left out: `runbook verify` names them."""
    events = []
    for line in lines(folder):
        event = event_of(line.event)
        if event is not None:
            events.append(event)
    return Incident(folder.name, tuple(events))


def incidents_in(records: Path) -> list[Path]:
    """The folders of the incidents below `records`, by name; a link is none of them."""
    return sorted(one for one in records.glob("*-*-*") if one.is_dir() and not one.is_symlink())
