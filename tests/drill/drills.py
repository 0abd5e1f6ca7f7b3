"""What the tests of the drill do with one, from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from drill import processes
from drill.place import Keeper, Place, read_keeper
from drill.wait import until

DRILL = (sys.executable, "-m", "drill")


def run(*words: str | Place) -> subprocess.CompletedProcess[str]:
    """One command of the drill, with the place as its last word."""
    *command, place = words
    assert isinstance(place, Place)
    return subprocess.run(
        [*DRILL, *(str(word) for word in command), "--dir", place.folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def begin_up(place: Place) -> subprocess.Popen[bytes]:
    """An `up` that is still at it, in a session of its own, with its keeper known."""
    up = subprocess.Popen(
        [*DRILL, "up", "--dir", place.folder],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert until(lambda: read_keeper(place) is not None, seconds=10, every=0.005)
    return up


def kept(place: Place) -> Keeper:
    keeper = read_keeper(place)
    assert keeper is not None
    return keeper


def nothing_runs_in(run_dir: str) -> bool:
    return not any(processes.standing_in(Path(run_dir)))


def nothing_is_left(keeper: Keeper) -> bool:
    """No process, no directory and no mount of that drill exists."""
    gone = not processes.lives(keeper.pid, keeper.started) and nothing_runs_in(keeper.run_dir)
    return gone and not Path(keeper.run_dir).exists() and not _mounted(keeper.run_dir)


def _mounted(run_dir: str) -> bool:
    return run_dir in Path("/proc/mounts").read_text(encoding="utf-8")


def is_root() -> bool:
    return os.geteuid() == 0
