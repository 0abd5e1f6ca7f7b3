"""Bringing a drill up, taking it down, and finding out which of the two it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drill import processes
from drill.keeper import clear_away, forget_folder
from drill.place import Drill, Keeper, Place, read_drill, read_keeper
from drill.wait import until
from drill.words import say
from runbook.errors import BadInput, RunbookError


def up(place: Place, progress: Callable[[str], None]) -> Drill:
    """The drill of this place, running and healthy; one that runs already is left alone."""
    if sys.platform != "linux":
        raise BadInput(say("up.linux_only"))
    running = find(place)
    if running is not None:
        return running
    if _living_keeper(place) is not None:
        raise BadInput(say("up.somebody_else"))
    keeper = _start_keeper(place)
    try:
        _follow(keeper, progress)
    except BaseException as failure:
        keeper.terminate()
        keeper.wait(timeout=20)
        if not isinstance(failure, RunbookError):
            # The keeper may have been too young to clear away even its own log.
            forget_folder(place)
        raise
    drill = read_drill(place)
    if drill is None:
        raise RunbookError(say("up.failed", why="state.json", log=place.logs))
    return drill


def find(place: Place) -> Drill | None:
    """The running drill of this place, with what a dead one left cleared away first."""
    sweep(place)
    return read_drill(place)


def sweep(place: Place) -> None:
    """Nothing is left of a drill whose keeper is dead."""
    keeper = read_keeper(place)
    if keeper is not None and not processes.lives(keeper.pid, keeper.started):
        clear_away(place, Path(keeper.run_dir))


def down(place: Place) -> bool:
    """Whether there was a drill to take down; in any case there is none now."""
    sweep(place)
    keeper = _living_keeper(place)
    if keeper is None:
        return False
    os.kill(keeper.pid, signal.SIGTERM)
    if not until(lambda: not processes.lives(keeper.pid, keeper.started), seconds=12):
        os.kill(keeper.pid, signal.SIGKILL)
        until(lambda: not processes.lives(keeper.pid, keeper.started), seconds=2)
    sweep(place)
    return True


def _living_keeper(place: Place) -> Keeper | None:
    keeper = read_keeper(place)
    alive = keeper is not None and processes.lives(keeper.pid, keeper.started)
    return keeper if alive else None


def _start_keeper(place: Place) -> subprocess.Popen[str]:
    try:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.logs.mkdir(exist_ok=True)
        log = (place.logs / "keeper.log").open("w", encoding="utf-8")
    except OSError as failure:
        raise BadInput(say("up.no_folder", folder=place.folder, why=failure.strerror)) from failure
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "drill.keeper", str(place.folder)],
            # Ctrl-C on the terminal is for `up`, which then tells the keeper.
            start_new_session=True,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _follow(keeper: subprocess.Popen[str], progress: Callable[[str], None]) -> None:
    for news in map(_parse, keeper.stdout or ()):
        if "failed" in news:
            raise RunbookError(news["failed"])
        if "step" in news:
            progress(say(f"up.step_{news['step']}"))
        if "ready" in news:
            print("keep", file=_input(keeper), flush=True)
        if "kept" in news:
            return
    raise RunbookError(say("up.keeper_died", code=keeper.wait(timeout=5)))


def _input(keeper: subprocess.Popen[str]) -> Any:
    return keeper.stdin


def _parse(line: str) -> dict[str, Any]:
    return dict(json.loads(line))
