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
