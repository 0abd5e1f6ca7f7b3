"""Files under `records/` that are whole or not there, and never overwrite each other."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from runbook.errors import BadInput, RunbookError
from runbook.words import say

REPORT = "report.md"


def day_incident(at: datetime, drill: bool) -> str:
    """The folder of a day's runs that belong to no incident: `INC-20261124-00`."""
    return f"{'DRILL' if drill else 'INC'}-{at:%Y%m%d}-00"


def folder_for(records: Path, incident: str) -> Path:
    """The folder of the incident, made at its first use; raises BadInput where it cannot be."""
    folder = records / incident
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(not_writable(folder, error)) from error
    return folder


def write(path: Path, text: str) -> None:
    """The text at the path, whole: a reader, or a crash, sees the old file or the new one.

    Raises RunbookError where it cannot be written, and leaves what was there.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise RunbookError(not_writable(path.parent, error)) from error
    try:
        # Half a character, which no file can hold, is no reason to lose the rest.
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        _settle(path.parent)
    except OSError as error:
        raise RunbookError(not_writable(path.parent, error)) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Also a power cut leaves the file under its new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every shared disk can
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest(path: Path) -> str:
    """The SHA-256 of the file, in hex."""
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path, names: Sequence[str]) -> dict[str, str | None]:
    """The SHA-256 of each of the files; None where it is a link, no file, or cannot be read.

    As many at once as there are processors: hashing leaves Python's lock alone.
    """
    width = min(os.cpu_count() or 1, len(names)) or 1
    parts = [names[start::width] for start in range(width)]
    with ThreadPoolExecutor(width) as threads:
        found = threads.map(lambda part: {name: _digest(folder / name) for name in part}, parts)
        return {name: one for part in found for name, one in part.items()}


def _digest(path: Path) -> str | None:
    try:
        # Not into a link, and not for ever into what only looks like a file.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - no path any more
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def remains(folder: Path, name: str) -> Iterator[Path]:
    """What who died in the middle of writing that file has left beside it."""
    return folder.glob(f".{name}.????????")


def not_writable(folder: Path, error: OSError) -> str:
    """Why nothing can be written there, and what to do."""
    return say("record.not_writable", folder=folder, detail=error.strerror)
