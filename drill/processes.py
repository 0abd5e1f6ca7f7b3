"""A process is known by its id and its birth; a drill's processes by where they stand."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from drill.wait import until

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError)


def born(pid: int) -> float:
    """When the process was started, in seconds since the epoch; 0.0 when there is none."""
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except _GONE:
        return 0.0


def lives(pid: int, started: float) -> bool:
    """Whether this very process still runs, and not a later one under the same id."""
    # The kernel's boot time is read in whole seconds and moves when the clock is set.
    return pid > 0 and abs(born(pid) - started) < 2.0


def standing_in(folder: Path) -> Iterator[psutil.Process]:
    """Every process of ours whose working directory is `folder` or below.

    A shell somebody left there is not ours, and is not listed.
    """
    python = os.path.realpath(sys.executable)
    for process in psutil.process_iter():
        with suppress(*_GONE, FileNotFoundError):
            cwd = Path(process.cwd().removesuffix(" (deleted)"))
            if cwd.is_relative_to(folder) and process.pid != os.getpid():
                program = process.exe().removesuffix(" (deleted)")
                if program == python or Path(program).name == "postgres":
                    yield process


def send(number: signal.Signals, processes: Iterator[psutil.Process]) -> int:
    """How many processes the signal reached."""
    reached = 0
    for process in processes:
        with suppress(*_GONE):
            process.send_signal(number)
            reached += 1
    return reached


def end_all_in(folder: Path) -> None:
    """Nothing of ours stands in `folder` any more."""
    # A frozen process acts on nothing but SIGKILL, and PostgreSQL gives its shared memory
    # back only when it is asked.
    send(signal.SIGCONT, standing_in(folder))
    for process in standing_in(folder):
        with suppress(*_GONE):
            is_server = Path(process.exe()).name == "postgres"
            process.send_signal(signal.SIGQUIT if is_server else signal.SIGKILL)
    if not until(lambda: not any(standing_in(folder)), seconds=3.0):
        until(lambda: send(signal.SIGKILL, standing_in(folder)) == 0, seconds=5.0)
