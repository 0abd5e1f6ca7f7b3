"""The words to Docker and to compose, and what to do where one of them does not answer."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from drill.words import say
from runbook.errors import BadInput

_LONGEST = 300  # seconds one command may take; a build is many of them


def docker(*words: str, check: bool = True) -> str:
    """What docker printed; raises CalledProcessError."""
    return ran(["docker", *words], check=check)


def ran(argv: list[str], *, cwd: Path | None = None, check: bool = True) -> str:
    """What the command printed, its complaints behind it; raises CalledProcessError."""
    done = subprocess.run(
        [*_bound_to_us(), *argv],
        cwd=cwd,
        text=True,
        errors="replace",
        check=check,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_LONGEST,
        # Ctrl-C is for us; half a command would leave what nobody has a name for.
        start_new_session=True,
    )
    return done.stdout


@cache
def _bound_to_us() -> tuple[str, ...]:
    """The words by which a command ends when we are killed, where the machine has them."""
    return ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


def composer() -> list[str]:
    """The words that compose answers to here: the old program, else the new plugin.

    RUNBOOK_COMPOSE chooses: `docker-compose` or `docker compose`.
    """
    if chosen := os.environ.get("RUNBOOK_COMPOSE"):
        return chosen.split()
    return ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]


def require() -> None:
    """Docker answers, and compose is there; BadInput says what to do where not."""
    try:
        docker("version", "--format", "{{.Server.Version}}")
    except FileNotFoundError:
        raise BadInput(say("compose.no_docker")) from None
    except subprocess.CalledProcessError as failure:
        said = failure.stdout.strip()
        denied = "permission denied" in said.lower()
        raise BadInput(
            say("compose.no_permission") if denied else say("compose.no_daemon", why=last(said))
        ) from None
    try:
        ran([*composer(), "version"])
    except (OSError, subprocess.CalledProcessError):
        raise BadInput(say("compose.no_compose", words=" ".join(composer()))) from None


def last(said: str) -> str:
    """The last line of what was printed: where programs say why they ended.

    docker-compose says it before, in lines that begin with ERROR.
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["?"])[-1]
