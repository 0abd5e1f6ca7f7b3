"""A record as a page: ours beside `jupyter nbconvert`, as whole processes and warm."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
from measure import BIN, ROOT, Row, row, timed, told

from runbook.records.page import page
from runbook.records.reading import record_of

RECORD = next(iter(sorted((ROOT / "records" / "DRILL-20261125-01").glob("*-database-*.ipynb"))))
_OURS = """
import sys, nbformat; from pathlib import Path
from runbook.records.page import page; from runbook.records.reading import record_of
file = Path(sys.argv[1])
page(nbformat.read(file, as_version=4), record_of(file))
"""
WARM = 0.030  # seconds


def rows(rounds: int) -> Iterator[Row]:
    """Whole processes, then one after the other in a process that has done it before."""
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        convert = ["nbconvert", "--to", "html", "--output-dir", base]
        sides = timed(
            {
                "ours": [sys.executable, "-c", _OURS, RECORD],
                "floor": [sys.executable, "-c", "import nbformat"],
                "peer": [BIN / "jupyter", *convert, RECORD],
            },
            rounds,
        )
    sides["ours"]["command"] = "runbook.records.page.page(...)"
    yield row("render-cold", "一份记录生成页面：整个进程", sides)
    notebook, record = nbformat.read(RECORD, as_version=4), record_of(RECORD)
    if record is None:
        raise ValueError(RECORD)
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter()
    warm = {
        "ours": _warm(lambda: page(notebook, record), rounds, "page(...)"),
        "peer": _warm(lambda: exporter.from_notebook_node(notebook), rounds, "HTMLExporter"),
    }
    yield row("render-warm", "一份记录生成页面：热的", warm, {"seconds": WARM, "peer": 1.0})


def _warm(call: Callable[[], object], rounds: int, command: str) -> dict[str, Any]:
    seconds = []
    for number in range(rounds + 3):
        started = time.perf_counter()
        call()
        if number > 2:
            seconds.append(round(time.perf_counter() - started, 5))
    return {"command": command, "seconds": seconds}


if __name__ == "__main__":
    told(rows)
