"""Files under `records/` that are whole or not there, and never overwrite each other."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from itertools import count
from pathlib import Path

from runbook.errors import BadInput, RunbookError
from runbook.words import say


def day_incident(at: datetime, drill: bool) -> str:
    """The folder of a day's runs that belong to no incident: `INC-20261124-00`."""
    return f"{'DRILL' if drill else 'INC'}-{at:%Y%m%d}-00"


def reserve(records: Path, incident: str, slug: str, at: datetime) -> Path:
    """A new, empty notebook file of its own: `records/<incident>/<HHMMSS>-<slug>.ipynb`.

    Raises BadInput where nothing can be written there.
    """
    folder = records / incident
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            suffix = "" if number == 1 else f"-{number}"
            path = folder / f"{at:%H%M%S}-{slug}{suffix}.ipynb"
            try:
                path.touch(mode=0o644, exist_ok=False)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise BadInput(_not_writable(folder, error)) from error
    raise AssertionError  # count() never ends


def write(path: Path, text: str) -> None:
    """The text at the path, whole: a reader, or a crash, sees the old file or the new one.

    Raises RunbookError where it cannot be written, and leaves what was there.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise RunbookError(_not_writable(path.parent, error)) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise RunbookError(_not_writable(path.parent, error)) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def digest(path: Path) -> str:
    """The SHA-256 of the file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _not_writable(folder: Path, error: OSError) -> str:
    return say("record.not_writable", folder=folder, detail=error.strerror)
