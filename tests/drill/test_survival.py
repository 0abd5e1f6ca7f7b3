"""Whatever dies while a notebook runs, what it saw is kept, and the next run is fine."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest

from drill.place import Drill
from drill.wait import until
from runbook.records.verify import inspect

MOMENTS = 6


@pytest.fixture
def slow(copy: Path) -> Path:
    """A project whose notebook takes its time: a cell is saved before the next is over."""
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ()):
            cell.source += "\nimport time; time.sleep(0.4)"
    nbformat.write(notebook, file)
    return copy


def _begin(drill: Drill, root: Path, records: Path, cold: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "runbook", "run", "database-connection"),
            *("--target", "drill", "--records", str(records), "--incident", "DRILL-20261124-07"),
        ],
        env={
            **os.environ,
            "RUNBOOK_DRILL_DIR": str(drill.place.folder),
            "RUNBOOK_COLD": cold,
            "RUNBOOK_ROOT": str(root),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _runbook(drill: Drill, records: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runbook", *words, "--records", str(records)],
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(drill.place.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _cells(folder: Path) -> int:
    """The cells that have run, over all notebooks."""
    notebooks = [json.loads(one.read_bytes() or b"{}") for one in folder.glob("*.ipynb")]
    cells = [cell for notebook in notebooks for cell in notebook.get("cells", [])]
    return sum(bool(cell.get("execution_count")) for cell in cells)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_runner_killed_at_any_moment_leaves_a_record_once_recovered(
    moment: int, shared: Drill, slow: Path
) -> None:
    records = slow / "records"
    folder, done = records / "DRILL-20261124-07", random.Random(moment).randrange(9)
    runner = _begin(shared, slow, records)
    assert until(
        lambda: runner.poll() is not None or (folder.is_dir() and _cells(folder) >= done),
        seconds=30,
        every=0.02,
    )
    kernels = psutil.Process(runner.pid).children(recursive=True)
    runner.kill()
    runner.wait()
    seen = _cells(folder) if folder.is_dir() else 0
    assert seen >= done
    assert (
        not folder.is_dir() or not (folder / "events.jsonl").exists() or not inspect(folder).flaws
    )
    assert _runbook(shared, records, "recover").returncode == 0
    if (folder / "events.jsonl").exists():
        found = inspect(folder)
        assert (found.flaws, found.notes) == ([], [])
        assert _cells(folder) >= seen
    again = ("run", "database-connection", "--target", "drill", "--incident", folder.name)
    assert _runbook(shared, records, *again).returncode == 0
    assert inspect(folder).flaws == []
    assert until(lambda: not any(kernel.is_running() for kernel in kernels), seconds=10)


@pytest.mark.parametrize(("moment", "cold"), [(0, ""), (1, ""), (2, ""), (1, "1")])
def test_a_kernel_killed_at_any_moment_leaves_a_record(
    moment: int, cold: str, shared: Drill, slow: Path
) -> None:
    runner = _begin(shared, slow, slow / "records", cold)
    process = psutil.Process(runner.pid)

    def kernels() -> list[psutil.Process]:
        children = [
            one
            for one in process.children(recursive=not cold)
            if one.status() != psutil.STATUS_ZOMBIE
        ]
        if cold:
            return [one for one in children if "runbook.kernel" in one.cmdline()]
        # Between the runner and a kernel that was born warm stands the nursery.
        return [one for one in children if one.ppid() != runner.pid]

    assert until(lambda: runner.poll() is not None or bool(kernels()), seconds=30, every=0.02)
    folder = slow / "records" / "DRILL-20261124-07"
    assert until(lambda: _cells(folder) >= 3 * moment, seconds=30, every=0.02)
    for kernel in kernels():
        with suppress(ProcessLookupError):  # it has come to its end
            os.kill(kernel.pid, signal.SIGKILL)
    assert runner.wait(timeout=60) in (0, 1)
    found = inspect(folder)
    assert (found.flaws, found.notes, found.files) == ([], [], 2)
