"""The machine the deployment stands on, as far as people type commands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from drill.compose import images
from drill.compose.deployment import Deployment
from drill.compose.engine import docker

IMAGE = ("host", "current")
# What goes on until somebody presses Ctrl-C, and the seconds after which somebody does.
_ENDLESS = re.compile(r"^(docker stats|ping \S+|docker-compose logs -f .*)$")
_PATIENCE = 3
# What asks for a yes, and what draws its progress where nobody sits at a terminal.
_QUESTIONS = re.compile(r"^\./scripts/rollback\.sh\b")
_AT_A_TERMINAL = re.compile(r"^curl\b")
_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9])")


@dataclass(frozen=True)
class Typed:
    """One line as it was typed: what it printed, how it ended, and whether by Ctrl-C."""

    line: str
    output: str
    exit: int
    seconds: float
    interrupted: bool


@contextmanager
def host(deployment: Deployment) -> Iterator[str]:
    """The container that is the host, for as long as somebody is logged in."""
    folder, project = str(deployment.folder), deployment.state.project
    images.build((IMAGE,))
    container = docker(
        *("run", "-d", "--rm", "--name", f"{project}-host", "--hostname", "aura-host"),
        *("--label", f"aura.drill={project}"),
        *("--network", f"{project}_aura", "--cap-add", "NET_ADMIN"),
        *("-v", "/var/run/docker.sock:/var/run/docker.sock"),
        *("-v", f"{folder}:{folder}", "-w", folder, "-e", f"DEPLOYMENT={folder}"),
        images.built(*IMAGE),
    ).strip()
    try:
        yield container
    finally:
        docker("rm", "-f", container, check=False)


def enter(deployment: Deployment) -> int:
    """The exit code of a shell on the host, in which a person types."""
    with host(deployment) as container:
        words = ["docker", "exec", "-it", container, "bash"]
        return subprocess.run(words, check=False).returncode


def type_in(container: str, lines: Iterable[str]) -> Iterator[Typed]:
    """What each line printed, typed one after the other into one shell on the host."""
    shell = subprocess.Popen(
        ["docker", "exec", "-i", container, "bash", "--norc"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with shell:
        for line in lines:
            yield _typed(shell, line)


def _typed(shell: subprocess.Popen[str], line: str) -> Typed:
    endless = bool(_ENDLESS.match(line))
    done = f"--{time.monotonic_ns()}--"
    begin = time.monotonic()
    words = f"{_as_a_person(line, endless)}\nprintf '\\n%s %s\\n' '{done}' $?\n"
    print(words, end="", file=shell.stdin, flush=True)
    printed: list[str] = []
    for text in shell.stdout or ():
        if text.startswith(done):
            code = int(text.split()[1])
            return Typed(line, _plain(printed), code, round(time.monotonic() - begin, 1), endless)
        printed.append(text)
    raise EOFError(line)


def _as_a_person(line: str, endless: bool) -> str:
    """The line with what a person adds: Ctrl-C where it never ends, and y where it asks."""
    if endless:
        return f"timeout -s INT {_PATIENCE} {line} </dev/null"
    if _QUESTIONS.match(line):
        return f"echo y | script -qec {shlex.quote(line)} /dev/null"
    if _AT_A_TERMINAL.match(line):
        return f"script -qec {shlex.quote(line)} /dev/null </dev/null"
    return line if line.startswith(("export ", "unset ")) else f"{{ {line}; }} </dev/null"


def _plain(printed: Iterable[str]) -> str:
    """The text as it stands on the screen at the end, without colours."""
    screens = "".join(printed).split("\x1b[H")
    lines = _ESCAPES.sub("", screens[-1]).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rsplit("\r", 1)[-1].rstrip() for line in lines).strip("\n")
