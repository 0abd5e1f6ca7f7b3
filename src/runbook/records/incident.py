"""An incident as its log tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from runbook.model import INCIDENT
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
    """The folders of incidents, by name; what is named otherwise, or is a link, is none."""
    found = sorted(records.iterdir()) if records.is_dir() else []
    return [one for one in found if re.fullmatch(INCIDENT, one.name) and _is_folder(one)]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
