"""The compose file of a deployment, as docker-compose itself reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from runbook.model import Target
from runbook.probes.look import KEPT, CouldNotLook
from runbook.words import say


class Refused(Exception):
    """docker-compose does not take the file; the message is what it said."""


def composer() -> list[str]:
    """The words compose answers to here: those people type, or the plugin; none without either.

    RUNBOOK_COMPOSE chooses: `docker-compose` or `docker compose`.
    """
    if chosen := os.environ.get("RUNBOOK_COMPOSE"):
        return chosen.split()
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    return ["docker", "compose"] if shutil.which("docker") else []


def folder_of(target: Target) -> Path:
    """The folder people type their commands in; raises CouldNotLook where it is not here."""
    if target.runtime.directory is None:
        raise CouldNotLook(say("probe.no_directory", target=target.title))
    folder = Path(target.runtime.directory)
    if not folder.is_dir():
        raise CouldNotLook(say("probe.not_a_directory", folder=folder))
    return folder


def compose(
    target: Target, *words: str, limit: float, environment: Mapping[str, str] | None = None
) -> str:
    """What docker-compose prints for words that only read, typed in the folder of the deployment.

    Raises Refused where it ends with an error, CouldNotLook where it cannot be asked.
    """
    program = composer()
    if not program:
        raise CouldNotLook(say("probe.no_compose"))
    around = {**os.environ, **(environment or {})}
    if target.runtime.host:
        around["DOCKER_HOST"] = target.runtime.host
    try:
        done = subprocess.run(
            [*program, *words],
            cwd=folder_of(target),
            env=around,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CouldNotLook(say("probe.compose_slow", limit=f"{limit:g}")) from error
    except OSError as error:
        raise CouldNotLook(say("probe.compose_failed", detail=error)) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", errors="replace").strip()
        raise Refused(said[-KEPT:].strip() or str(done.returncode))
    return done.stdout.decode("utf-8", errors="replace")
