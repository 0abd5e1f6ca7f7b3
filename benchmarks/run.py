"""How much longer a diagnosis takes than papermill's own command on an empty notebook.

    .venv/bin/python benchmarks/run.py [ROUNDS]

Both run in turn on this machine, against a drill of their own; the medians and their ratio are
printed.  Times alone say more about the machine than about the runbook.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

BIN = Path(sys.executable).parent


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as folder:
        environment = {**os.environ, "RUNBOOK_DRILL_DIR": f"{folder}/drill"}
        empty = Path(folder) / "empty.ipynb"
        nbformat.write(_empty(), empty)
        ways = {
            "papermill, empty notebook": [
                *(BIN / "papermill", "--no-progress-bar", empty, f"{folder}/out.ipynb"),
            ],
            "runbook run, healthy drill": [
                *(BIN / "runbook", "run", "database-connection", "--target", "drill"),
                *("--records", f"{folder}/records", "--json"),
            ],
        }
        _call([BIN / "runbook", "drill", "up"], environment)
        try:
            times: dict[str, list[float]] = {name: [] for name in ways}
            for _ in range(rounds):
                for name, command in ways.items():
                    times[name].append(_call(command, environment))
        finally:
            _call([BIN / "runbook", "drill", "down"], environment)
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(f"{name:28} median {medians[name]:.2f} s  ({min(found):.2f}..{max(found):.2f})")
    floor, ours = medians.values()
    print(f"{'ratio':28} {ours / floor:.2f}  over {rounds} rounds")


def _empty() -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return notebook


def _call(command: list[str | Path], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
