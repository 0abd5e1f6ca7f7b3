"""A log of 100,000 events: appended to, asked for its head, folded into an incident.

To append and to ask for the head read the end alone, so they take what they take on a log of ten;
to fold reads every line, so it is held against reading the same lines as JSON.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from measure import BIN, Row, row, timed, told
from verify import AT, Size, make

from runbook.records.incident import incident_of
from runbook.records.log import EVENTS, append, head

BATCH = 50  # of what takes microseconds
NOTE = {"event": "note", "at": AT, "by": "lisi", "text": "又一笔"}


def rows(rounds: int) -> Iterator[Row]:
    """Each beside the same on a log of ten events, or beside reading the lines."""
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        long, short = _log(Path(base), 100_000), _log(Path(base), 10)

        def both(call: Callable[[Path], object], command: str) -> dict[str, dict[str, Any]]:
            sides: dict[str, dict[str, Any]] = {
                "ours": {"command": f"{command}, 100,000", "seconds": []},
                "floor": {"command": f"{command}, 10", "seconds": []},
            }
            for _ in range(rounds):
                for side, folder in (("ours", long), ("floor", short)):
                    sides[side]["seconds"].append(_took(lambda folder=folder: call(folder)))
            return sides

        limit = {"floor": 1.5}
        yield row("events-append", "往 100,000 条的日志追加 50 条", both(_append, "append"), limit)
        yield row("events-head", "100,000 条的日志问 50 次链头", both(_head, "head"), limit)
        fold = {
            "ours": {"command": "incident_of(...)", "seconds": []},
            "floor": {"command": "json.loads(line) ...", "seconds": []},
        }
        for _ in range(rounds):
            fold["ours"]["seconds"].append(_took(lambda: incident_of(long)))
            fold["floor"]["seconds"].append(_took(lambda: _read(long)))
        yield row("events-fold", "100,000 条的日志折成一起事故", fold)
        show = {
            side: [BIN / "runbook", "incident", "show", folder.name, "--records", folder.parent]
            for side, folder in (("ours", long), ("floor", short))
        }
        yield row("events-show", "incident show，100,000 条", timed(show, min(rounds, 3)))


def _log(base: Path, lines: int) -> Path:
    folder = base / str(lines) / "DRILL-20261124-01"
    folder.mkdir(parents=True)
    make(folder, Size(0, 0, lines), random.Random(lines))
    return folder


def _append(folder: Path) -> None:
    for _ in range(BATCH):
        append(folder, NOTE)


def _head(folder: Path) -> None:
    for _ in range(BATCH):
        head(folder)


def _read(folder: Path) -> int:
    with (folder / EVENTS).open("rb") as file:
        return sum(len(json.loads(line)) for line in file)


def _took(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return round(time.perf_counter() - started, 6)


if __name__ == "__main__":
    told(rows, 5)
