"""How long a responder waits for a verdict, beside papermill's own command on an empty notebook.

    .venv/bin/python benchmarks/verdict.py [ROUNDS] [--json]

On a healthy drill of its own.  A run is timed from the command to the line of its last verdict: its
pages are made after that.  Cold is without a fork server (RUNBOOK_COLD=1): every kernel is a new
interpreter.  papermill is timed as a whole process, or as four of them one after the other, as
anybody would type them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from measure import BIN, Row, call, row, shown, told

SCENARIOS = ("database-connection", "service-memory", "network-connectivity", "ai-service")
MANY = 200
_VERDICT = re.compile(r"(PASS|WARN|UNKNOWN|FAIL) .+ · ")
_KERNEL = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
client.execute_interactive("1", output_hook=lambda message: None)
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


def rows(rounds: int) -> Iterator[Row]:
    """One notebook and four, warm and cold; and a triage beside its slowest probe."""
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        folder = Path(base)
        environment = {"RUNBOOK_DRILL_DIR": str(folder / "drill"), "RUNBOOK_COLD": ""}
        nbformat.write(_empty(), folder / "empty.ipynb")
        call([BIN / "runbook", "drill", "up"], environment)
        try:
            yield from _runs(folder, environment, rounds)
            yield _tail(folder, environment)
            yield _triage(environment, rounds)
        finally:
            call([BIN / "runbook", "drill", "down"], environment)


def _runs(folder: Path, environment: Mapping[str, str], rounds: int) -> Iterator[Row]:
    cold = {**environment, "RUNBOOK_COLD": "1"}
    papermill = [
        *(BIN / "papermill", "--no-progress-bar"),
        *(folder / "empty.ipynb", folder / "out.ipynb"),
    ]
    kernel = [sys.executable, "-c", _KERNEL]
    for name, title, slugs, limit, limit_cold in (
        ("one", "一个笔记本", SCENARIOS[:1], 0.7, 1.3),
        ("four", "四个笔记本同时", SCENARIOS, 0.3, 0.5),
    ):
        ours = [*(BIN / "runbook", "run", *slugs), *("--target", "drill"), "--records", folder]
        sides: dict[str, list[tuple[float, float]]] = {"warm": [], "cold": [], "peer": []}
        floor: list[tuple[float, float]] = []
        for number in range(rounds + 1):
            found = {
                "warm": _until_verdicts(ours, environment, len(slugs)),
                "cold": _until_verdicts(ours, cold, len(slugs)),
                "peer": _one_after_the_other(papermill, len(slugs)),
            }
            bare = call(kernel)
            if number:
                floor.append(bare)
                for side, one in found.items():
                    sides[side].append(one)
        often = f" ×{len(slugs)}" if len(slugs) > 1 else ""
        peer = _side(shown(papermill) + often, sides["peer"])
        beside = {"floor": _side("start_new_kernel, execute 1", floor), "peer": peer}
        yield row(
            f"verdict-{name}",
            f"{title}：从命令到结论",
            {"ours": _side(shown(ours), sides["warm"]), **beside},
            {"peer": limit},
        )
        yield row(
            f"verdict-{name}-cold",
            f"{title}，内核不用复刻的",
            {"ours": _side(f"RUNBOOK_COLD=1 {shown(ours)}", sides["cold"]), **beside},
            {"peer": limit_cold},
        )


def _tail(folder: Path, environment: Mapping[str, str]) -> Row:
    """Many runs, of which not one may keep a person waiting."""
    command = [BIN / "runbook", "run", SCENARIOS[0], "--target", "drill", "--records", folder]
    took = [_until_verdicts(command, environment, 1) for _ in range(MANY)]
    title = f"一个笔记本，连跑 {MANY} 次"
    return row("verdict-tail", title, {"ours": _side(shown(command), took)}, {"slowest": 3.0})


def _triage(environment: Mapping[str, str], rounds: int) -> Row:
    """The floor is an interpreter with the same imports, and then the slowest probe of the look."""
    command = [BIN / "runbook", "triage", "--target", "drill"]
    imports = [sys.executable, "-c", "import runbook.cli.triage, runbook.probes"]
    ours, floor = [], []
    for number in range(rounds + 1):
        whole, imported = call(command, environment), call(imports)
        looked = subprocess.run(
            [*command, "--json"],
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
        )
        slowest = max(one["seconds"] for one in json.loads(looked.stdout))
        if number:
            ours.append(whole)
            floor.append((imported[0] + slowest, imported[1]))
    sides = {
        "ours": _side(shown(command), ours),
        "floor": _side("python -c 'import ...' + the slowest probe", floor),
    }
    limits = {"seconds": 1.2, "floor": 1.3}
    return row("triage", "一次查看全部场景", sides, limits)


def _until_verdicts(
    command: list[Any], environment: Mapping[str, str], count: int
) -> tuple[float, float]:
    """Seconds until the last verdict is printed, and the most memory of a process, in MB."""
    started = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        seconds, missing, said = 0.0, count, ""
        for line in process.stdout or ():
            said += line
            if missing and _VERDICT.match(line):
                missing -= 1
                seconds = time.perf_counter() - started
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or missing:
        print(said, file=sys.stderr)  # a healthy drill, and not healthy to us
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return seconds, used.ru_maxrss / 1024


def _one_after_the_other(command: list[Any], count: int) -> tuple[float, float]:
    took = [call(command) for _ in range(count)]
    return sum(seconds for seconds, _ in took), max(memory for _, memory in took)


def _side(command: str, took: list[tuple[float, float]]) -> dict[str, Any]:
    return {
        "command": command,
        "seconds": [round(seconds, 4) for seconds, _ in took],
        "memory": [round(memory, 1) for _, memory in took],
    }


def _empty() -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return notebook


if __name__ == "__main__":
    told(rows, 9)
