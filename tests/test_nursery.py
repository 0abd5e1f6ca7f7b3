"""A kernel that was born warm is a kernel like any other, and leaves as little behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil

from runbook.nursery import COLD

RUN = [sys.executable, "-m", "runbook", "run", "database-connection", "-p", "deadline", "300"]


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def saying(copy: Path, source: str) -> None:
    """The second cell of code of the notebook says that as well."""
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[1].source += f"\n{source}"
    nbformat.write(notebook, file)


def started(copy: Path, **more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "RUNBOOK_DRILL_DIR": str(copy / "none"), **more}
    return subprocess.Popen([*RUN, "--json"], cwd=copy, env=environment, stdout=-1, text=True)


def said(copy: Path) -> dict[str, str]:
    """What the second cell of the latest run printed, by its first words."""
    file = max((copy / "records").glob("*/*.ipynb"), key=lambda file: file.stat().st_mtime_ns)
    cells = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
    text = "".join(out.get("text", "") for cell in cells for out in cell.outputs)
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


TELL = (
    "import os, sys; print('parent=%d' % os.getppid()); print('folder=' + os.getcwd())\n"
    "print('path=' + os.pathsep.join(sys.path)); print('main=' + __name__)\n"
    "print('group=' + str(os.getpgid(0) == os.getpid()))"
)


def test_a_kernel_works_the_same_whoever_started_it(copy: Path) -> None:
    saying(copy, TELL)
    told = []
    for cold in ("", "1"):
        with started(copy, **{COLD: cold}) as process:
            assert process.stdout
            (run,) = json.loads(process.stdout.read())
        assert (process.returncode, run["state"]) == (5, "complete")
        told.append(said(copy))
        assert (told[-1].pop("parent") == str(process.pid)) == bool(cold)
    assert told[0] == told[1]
    assert (told[0]["folder"], told[0]["group"]) == (str(copy), "True")


def test_who_is_killed_takes_kernel_and_nursery_along(copy: Path) -> None:
    saying(copy, "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)")
    with started(copy) as process:
        runner = psutil.Process(process.pid)
        until(lambda: any(one.name() == "sleep" for one in runner.children(recursive=True)))
        family = runner.children(recursive=True)
        runner.kill()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def test_without_its_nursery_a_run_goes_on_as_jupyter_would(copy: Path) -> None:
    with started(copy) as process:
        assert process.stdout
        runner = psutil.Process(process.pid)
        until(lambda: runner.children())
        runner.children()[0].kill()
        (run,) = json.loads(process.stdout.read())
    assert (process.returncode, run["state"]) == (5, "complete")


def test_what_is_refused_leaves_no_nursery(copy: Path) -> None:
    before = {one.pid for one in psutil.process_iter()}
    done = subprocess.run([*RUN, "--targt", "x"], cwd=copy, capture_output=True, check=False)
    assert done.returncode == 2

    def left() -> list[psutil.Process]:
        own = [one for one in psutil.process_iter(["cmdline"]) if one.pid not in before]
        return [one for one in own if "--targt" in (one.info["cmdline"] or ())]

    until(lambda: not left(), seconds=2)


def test_a_kernel_killed_in_the_middle_is_told_and_what_there_is_is_kept(copy: Path) -> None:
    saying(copy, f"import os; os.kill(os.getpid(), {signal.SIGKILL:d})")
    with started(copy) as process:
        assert process.stdout
        (run,) = json.loads(process.stdout.read())
    assert (process.returncode, run["state"]) == (1, "broken")
    assert "内核没能跑完" in run["message"]
