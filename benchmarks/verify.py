"""How fast `runbook verify` is beside `sha256sum` of the same files.

    .venv/bin/python benchmarks/verify.py [ROUNDS]

Both run in turn, as whole processes, on incidents made for this: a day's, a large one, and one with
a log of 100,000 lines.  The medians and their ratio are printed; above 0.60 `verify` keeps its
promise.  Its start takes what any Python program's takes, which is most of it on a small incident.
Some `sha256sum` are linked with OpenSSL and some are not, so `openssl dgst` is there to compare.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runbook.records.archive import digest
from runbook.records.log import EVENTS, FIRST, sealed

BIN = Path(sys.executable).parent
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
    "500 MB, 4,000 files": Size(4_000, 125_000, 6_000),
    "100,000 lines alone": Size(0, 0, 100_000),
    "100,000 lines, 200 MB": Size(1_600, 125_000, 100_000),
}


def main(rounds: int) -> None:
    for name, size in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
            folder = Path(base) / "DRILL-20261124-01"
            folder.mkdir()
            make(folder, size, random.Random(name))
            files = sorted(str(file) for file in folder.iterdir())
            ways = {
                "verify": [str(BIN / "runbook"), "verify", str(folder)],
                "sha256sum": ["sha256sum", *files],
            }
            if shutil.which("openssl"):
                ways["openssl"] = ["openssl", "dgst", "-sha256", *files]
            times: Mapping[str, list[float]] = {way: [] for way in ways}
            for number in range(rounds + 1):
                for way, command in ways.items():
                    took = _call(command)
                    if number:  # the first only warms the cache of files
                        times[way].append(took)
        ours, *others = (statistics.median(found) for found in times.values())
        beside = "  ".join(
            f"{way} {1000 * took:6.0f} ms, ratio {took / ours:5.2f}"
            for way, took in zip(list(ways)[1:], others, strict=True)
        )
        print(f"{name:22} verify {1000 * ours:6.0f} ms  {beside}", flush=True)


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


def _call(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
