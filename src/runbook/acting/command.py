"""Executing one command: as its words, within its time, with everything it started."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from runbook.model.action import Answer

_KEPT = 64 * 1024  # bytes of what it prints that are kept from each end
_TICK = 0.1
_GRACE = 5.0  # seconds it has to end once it is told to
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]|\r(?=\n)")


@dataclass(frozen=True)
class Ended:
    """How a command ended: `exit` is None where it could not start, or was ended by us.

    `why` is `timeout`, `interrupted`, `not started`, or empty where it ended by itself.
    """

    exit: int | None
    seconds: float
    output: str
    why: str = ""


@dataclass
class _Said:
    """What it prints, of which only the beginning and the end are kept."""

    first: bytes = b""
    last: bytes = b""
    cut: int = 0
    unanswered: bytes = field(default=b"")

    def hear(self, more: bytes) -> None:
        room = _KEPT - len(self.first)
        self.first += more[:room]
        self.last += more[room:] if room < len(more) else b""
        self.cut += max(0, len(self.last) - _KEPT)
        self.last = self.last[-_KEPT:]
        self.unanswered = (self.unanswered + more)[-4096:]

    @property
    def text(self) -> str:
        between = f"\n… {self.cut} …\n".encode() if self.cut else b""
        said = (self.first + between + self.last).decode("utf-8", "replace")
        return _ANSI.sub("", said)


def execute(
    argv: Sequence[str],
    *,
    directory: Path | None,
    environment: Mapping[str, str],
    limit: float,
    asks: Answer | None = None,
    keep: Sequence[int] = (),
) -> Ended:
    """How the command ended, within that many seconds.

    It has a session of its own and no input; where it asks, a terminal on which it is answered.  It
    inherits the descriptors `keep`.  Whoever interrupts us ends it first.
    """
    clock, said = time.monotonic(), _Said()
    ours, its = pty.openpty() if asks else os.pipe()
    try:
        process = subprocess.Popen(
            # Only with a terminal of its own can it be asked on /dev/tty too.
            ["setsid", "--ctty", *argv] if asks else list(argv),
            cwd=directory,
            env=dict(environment),
            stdin=its if asks else subprocess.DEVNULL,
            stdout=its,
            stderr=its,
            start_new_session=asks is None,
            pass_fds=tuple(keep),
        )
    except OSError as error:
        os.close(ours)
        return Ended(None, time.monotonic() - clock, str(error), "not started")
    finally:
        os.close(its)
    try:
        why = _attend(process, ours, said, clock + limit, asks)
    except BaseException:
        deafen()
        _end(process)
        _drain(ours, said)
        raise Interrupted(Ended(None, time.monotonic() - clock, said.text, "interrupted")) from None
    finally:
        with suppress(OSError):
            _drain(ours, said)
        os.close(ours)
    exit_code = None if why else process.returncode
    return Ended(exit_code, time.monotonic() - clock, said.text, why)


def deafen() -> None:
    """From now on nobody interrupts us: what we are at is the answer to being interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Interrupted(Exception):
    """We were told to stop; the command, which had begun, was ended."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.why)
        self.ended = ended


def _attend(
    process: subprocess.Popen[bytes], ours: int, said: _Said, deadline: float, asks: Answer | None
) -> str:
    """Listen and answer until it ends; `timeout` where it had to be ended."""
    while process.poll() is None:
        if time.monotonic() > deadline:
            _end(process)
            return "timeout"
        _drain(ours, said, _TICK)
        if asks and asks.asked.encode() in said.unanswered:
            said.unanswered = b""
            with suppress(OSError):
                os.write(ours, f"{asks.answer}\n".encode())
    return ""


def _drain(ours: int, said: _Said, wait: float = 0.0) -> None:
    """Hear what there is; a terminal whose other side is closed says so by an error."""
    while select.select([ours], [], [], wait)[0]:
        wait = 0.0
        try:
            more = os.read(ours, 65536)
        except OSError:
            more = b""
        if not more:
            time.sleep(_TICK)
            return
        said.hear(more)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all it started: first as a person would at the terminal, then for certain."""
    for how in (signal.SIGINT, signal.SIGTERM):
        _tell(process, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
            break
    # Also what a shell has left behind, which hears no SIGINT in the background.
    _tell(process, signal.SIGKILL)
    process.wait()


def _tell(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, how)
