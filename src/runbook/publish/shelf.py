"""What was told of each incident, kept until a file of it changes: the records are not read again.

It stands beside the records and is nothing but a saving of time: without it everything is told
anew.  What is told depends on the folder of the incident, on the data and on this code alone; who
changes one of them has it told again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from runbook.records.incident import incidents_in

FILE = ".published.json"

Teller = Callable[[Path], Any]
"""From the folder of an incident to what is to be kept of it, as JSON holds it."""


class Shelf:
    """What was told of the incidents in `records`, whose pages stand in `pages`.

    With `made_by`, the mark of what tells it, it is kept from one process to the next.
    """

    def __init__(self, records: Path, pages: Path, made_by: str | None = None) -> None:
        self._pages, self._made_by = pages, made_by
        self._file = records / FILE
        self._kept = _read(self._file, made_by)
        self._same = True
        self._seen: dict[str, str] = {}
        self._stands: dict[str, bool] = {}
        self.folders = incidents_in(records)

    def of(self, folder: Path, what: str, tell: Teller, *, anew: bool = False) -> Any:
        """What is told of the incident under that name: as it was kept, or told now."""
        mine, seen = self._kept.get(folder.name), self._mark(folder)
        if mine is None or mine["seen"] != seen:
            mine = self._kept[folder.name] = {"seen": seen, "made": None, "told": {}}
            self._same = False
        told = mine["told"]
        if anew or what not in told:
            told[what] = tell(folder)
            self._same = False
        return told[what]

    def stands(self, folder: Path) -> bool:
        """Whether the incident and its pages are as they were when both were last left."""
        if folder.name not in self._stands:
            mine = self._kept.get(folder.name)
            self._stands[folder.name] = (
                mine is not None
                and mine["seen"] == self._mark(folder)
                and mine["made"] == mark(self._pages / folder.name)
            )
        return self._stands[folder.name]

    def leave(self) -> None:
        """Keep what was told, and how the pages stand now."""
        names = {folder.name for folder in self.folders}
        for name in self._kept.keys() - names:
            del self._kept[name]
            self._same = False
        for name, mine in self._kept.items():
            if not self._stands.get(name):
                mine["made"] = mark(self._pages / name)
                self._same = False
        if self._made_by is None or self._same:
            return
        kept = {"made_by": self._made_by, "incidents": self._kept}
        new = self._file.with_name(f"{FILE}.{os.getpid()}")
        with suppress(OSError):  # where nothing can be kept, it is told again
            new.write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")), "utf-8")
            new.replace(self._file)

    def _mark(self, folder: Path) -> str:
        if folder.name not in self._seen:
            self._seen[folder.name] = mark(folder)
        return self._seen[folder.name]


def mark(folder: Path) -> str:
    """A hash of the files in the folder, by their names, sizes and times; empty without one."""
    try:
        with os.scandir(folder) as found:
            files = sorted((one.name, one.stat(follow_symlinks=False)) for one in found)
    except OSError:
        return ""
    told = "".join(f"{name}/{of.st_size}/{of.st_mtime_ns}/{of.st_mode}\n" for name, of in files)
    return hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def code_mark(sources: Iterable[Path]) -> str:
    """A hash of the files below these folders, as `mark` takes it."""
    told = "".join(mark(Path(base)) for one in sources for base, _, _ in sorted(os.walk(one)))
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _read(file: Path, made_by: str | None) -> dict[str, Any]:
    try:
        kept = json.loads(file.read_bytes()) if made_by else {}
        found: dict[str, Any] = kept["incidents"] if kept.get("made_by") == made_by else {}
    except (OSError, ValueError, AttributeError, KeyError):
        return {}
    return found
