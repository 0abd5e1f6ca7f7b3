"""One action at a time for a target: who acts holds its lock, from the evidence to the effect.

The lock is flock's on a file beside the records.  Whoever executes for the holder, the kernel and
the command, inherits it: so it is free when the last of them has ended, however they ended.
"""

from __future__ import annotations

import fcntl
import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from runbook.errors import BadInput
from runbook.model import Frozen
from runbook.words import say

INHERITED = "RUNBOOK_LOCK"
"""The environment variable that hands the number of the lock's descriptor to a kernel."""

_FOLDER = ".locks"


class Holder(Frozen):
    """Who acts, with what, since when; `agreed` once a person has typed the target's name."""

    by: str
    action: str
    target: str
    since: datetime
    host: str
    pid: int
    agreed: bool = False


def take(records: Path, target: str, action: str, by: str, at: datetime, agreed: bool) -> int:
    """The descriptor of the target's lock, now ours; raises BadInput where somebody has it."""
    file = _file(records, target)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BadInput(say("record.not_writable", folder=file.parent, detail=error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held = _holder(descriptor)
        os.close(descriptor)
        raise BadInput(_busy(target, held)) from error
    holder = Holder(
        by=by,
        action=action,
        target=target,
        since=at,
        host=platform.node(),
        pid=os.getpid(),
        agreed=agreed,
    )
    said = holder.model_dump_json().encode()
    os.ftruncate(descriptor, os.pwrite(descriptor, said, 0))
    return descriptor


def inherited(
    records: Path, target: str, environment: Mapping[str, str]
) -> tuple[int, Holder] | None:
    """The lock that our parent holds for us, and what it says; None where it holds none.

    That a variable names a descriptor proves nothing: it must be that of the target's lock, taken
    by the process that has started us.
    """
    with suppress(OSError, ValueError):
        descriptor = int(environment.get(INHERITED, ""))
        ours, real = os.fstat(descriptor), _file(records, target).stat()
        holder = _holder(descriptor)
        same = (ours.st_dev, ours.st_ino) == (real.st_dev, real.st_ino)
        if same and holder is not None and holder.pid == os.getppid():
            return descriptor, holder
    return None


def _file(records: Path, target: str) -> Path:
    return records / _FOLDER / f"{target}.lock"


def _holder(descriptor: int) -> Holder | None:
    with suppress(OSError, ValidationError):
        return Holder.model_validate_json(os.pread(descriptor, 4096, 0))
    return None


def _busy(target: str, held: Holder | None) -> str:
    if held is None:
        return say("act.busy_unknown", target=target)
    return say(
        "act.busy",
        target=target,
        by=held.by,
        action=held.action,
        since=f"{held.since:%H:%M:%S}",
        host=held.host,
        pid=held.pid,
    )
