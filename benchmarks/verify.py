"""How fast `runbook verify` is beside `sha256sum` of the same files.

    .venv/bin/python benchmarks/verify.py [ROUNDS] [--json]

Both run in turn, as whole processes, on incidents made for this: a day's, a large one, and one with
a log of 100,000 lines.  At most 1.67 times as long `verify` keeps its promise of 60 % of the speed.
Its start takes what any Python program's takes, the floor, which is most of it on a small incident.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from measure import BIN, Row, row, timed, told

from runbook.records.archive import digest
from runbook.records.log import EVENTS, FIRST, sealed

AT = "2026-11-24T03:00:00+08:00"


class Size(NamedTuple):
    """An incident: how many files of how many bytes it has, and how many lines its log."""

    files: int
    each: int
    lines: int


SIZES = {
    "5 MB, 40 files": Size(40, 125_000, 60),
    "50 MB, 400 files": Size(400, 125_000, 600),
    "200 MB, 1,600 files": Size(1_600, 125_000, 2_400),
    "100,000 lines alone": Size(0, 0, 100_000),
    "100,000 lines, 200 MB": Size(1_600, 125_000, 100_000),
}


SMALL = "5 MB, 40 files"


def rows(rounds: int) -> Iterator[Row]:
    """`runbook verify` beside `sha256sum` of the same files."""
    for name, size in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
            folder = Path(base) / "DRILL-20261124-01"
            folder.mkdir()
            make(folder, size, random.Random(name))
            files = sorted(str(file) for file in folder.iterdir())
            sides = timed(
                {
                    "ours": [BIN / "runbook", "verify", folder],
                    "floor": [sys.executable, "-c", "pass"],
                    "peer": ["sha256sum", *files],
                },
                rounds,
            )
            sides["peer"]["command"] = "sha256sum *"
            limits = {} if name == SMALL or not size.files else {"peer": 1 / 0.6}
            key = f"verify-{size.files}-{size.lines}"
            yield row(key, f"核对一起事故：{name}", sides, limits)


def make(folder: Path, size: Size, dice: random.Random) -> None:
    """Fill the folder with files, and with a log of that many lines that names them."""
    events: list[dict[str, Any]] = []
    for number in range(size.files):
        file = folder / f"{number:06d}-database-connection.ipynb"
        file.write_bytes(dice.randbytes(size.each))
        run = {"record": file.stem, "scenario": "database-connection", "target": "drill"}
        events.append({"event": "run", "at": AT, **run, "files": {file.name: digest(file)}})
    while len(events) < size.lines:
        text = f"第 {len(events)} 笔：连接数到上限，正在看是谁占着不放"
        events.append({"event": "note", "at": AT, "by": "zhangsan", "text": text})
    dice.shuffle(events)
    previous, lines = FIRST, []
    for number, event in enumerate(events, 1):
        line = sealed({"n": number, "previous": previous, **event})
        previous = json.loads(line)["hash"]
        lines.append(line + b"\n")
    (folder / EVENTS).write_bytes(b"".join(lines))


if __name__ == "__main__":
    told(rows)
