"""Bringing the compose drill up, taking it down, and finding out which of the two it is."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from drill.compose import beside, images
from drill.compose.database import back_up, furnish
from drill.compose.deployment import (
    Deployment,
    home,
    inspect,
    labelled,
    read_deployment,
    write_state,
)
from drill.compose.disk import make_disk, remove_disk
from drill.compose.engine import docker, last, require
from drill.compose.folder import lay, plan, project_of
from drill.compose.health import healthy
from drill.place import Place
from drill.wait import until
from drill.words import say
from runbook.errors import BadInput, RunbookError

_HEALTHY_WITHIN = 60


def up(place: Place, progress: Callable[[str], None]) -> Deployment:
    """The compose drill of this place, running and healthy; one that runs is left alone."""
    require()
    with _alone(place), _ended_by_signals():
        running = find(place)
        if running is not None:
            return running
        _clear_away(place)
        try:
            progress(say("compose.images"))
            images.build()
            deployment = plan(place)
            progress(say("compose.starting"))
            raise_(deployment)
            write_state(deployment)
        except BaseException as failure:
            with _deaf():
                _clear_away(place)
            if isinstance(failure, subprocess.CalledProcessError):
                raise RunbookError(say("compose.failed", why=last(failure.stdout))) from failure
            raise
    return deployment


def find(place: Place) -> Deployment | None:
    """The compose drill of this place, where anything of it is there."""
    deployment = read_deployment(place)
    if deployment is None:
        return None
    require()
    return deployment if labelled("ps", "-aq", project=deployment.state.project) else None


def down(place: Place) -> bool:
    """Whether there was a compose drill; in any case nothing of one is left."""
    if shutil.which("docker") is None and not home(place).exists():
        return False
    require()
    with _alone(place), _deaf():
        return _clear_away(place)


def raise_(deployment: Deployment) -> None:
    """Everything of the deployment runs and is healthy, with its files as they should be."""
    make_disk(deployment)
    lay(deployment)
    images.name_for(deployment.state.project)
    beside.stand_road(deployment)
    deployment.compose("up", "-d", "--remove-orphans")
    furnish(deployment)
    back_up(deployment)
    beside.stand_others(deployment)
    if not until(lambda: healthy(deployment), seconds=_HEALTHY_WITHIN, every=0.3):
        raise RunbookError(say("compose.never_healthy", folder=deployment.folder))


def clear_containers(project: str) -> None:
    """No container of the deployment is there, nor beside it."""
    while found := labelled("ps", "-aq", project=project):
        docker("rm", "-f", "-v", *found, check=False)
    beside.clear_beside(project)


def clear_networks(project: str) -> None:
    """No network of the deployment is there, whoever else was on it."""
    for net in labelled("network", "ls", "-q", project=project):
        for container in inspect(net)[0]["Containers"]:
            docker("network", "disconnect", "-f", net, container, check=False)
        docker("network", "rm", net, check=False)


def _clear_away(place: Place) -> bool:
    folder, project = home(place), project_of(place)
    there = folder.exists() or bool(labelled("ps", "-aq", project=project))
    # Twice: Docker may still be at a container whose maker was interrupted.
    for _ in range(2):
        clear_containers(project)
        clear_networks(project)
        images.forget_names_of(project)
    remove_disk(folder / "pgdata")
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        _remove_what_containers_wrote(folder)
    return there


def _remove_what_containers_wrote(folder: Path) -> None:
    words = ("run", "--rm", "-v", f"{folder.parent}:/drill", "--entrypoint", "rm")
    docker(*words, images.built("api", "current"), "-rf", f"/drill/{folder.name}", check=False)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Nobody else brings this drill up or takes it down meanwhile."""
    try:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failure:
        raise BadInput(say("up.no_folder", folder=place.folder, why=failure.strerror)) from failure
    # A name in the kernel, gone with its process: the folder's lock is the embedded drill's.
    with socket.socket(socket.AF_UNIX) as name:
        try:
            name.bind(f"\0{project_of(place)}")
        except OSError:
            raise BadInput(say("up.somebody_else")) from None
        try:
            yield
        finally:
            # Not where anything stands in it.
            with suppress(OSError):
                place.folder.rmdir()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Being told to end is like Ctrl-C: what was begun is cleared away."""
    with _signals(signal.default_int_handler, signal.SIGTERM, signal.SIGHUP):
        yield


@contextmanager
def _deaf() -> Iterator[None]:
    """Impatience does not stop the clearing away."""
    with _signals(signal.SIG_IGN, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        yield


@contextmanager
def _signals(handler: Any, *numbers: signal.Signals) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)
