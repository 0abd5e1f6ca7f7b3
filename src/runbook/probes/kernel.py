"""What the kernel killed for want of memory, as its own log has it."""

from __future__ import annotations

import os
import re
import time
from typing import NamedTuple

from runbook.model import Target
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.shared import Shared
from runbook.words import say

# oom-kill:constraint=CONSTRAINT_MEMCG,...,task_memcg=/a/b,task=python3,pid=12,uid=0 (mm/oom_kill.c)
# Where it kills more than ten in five seconds it leaves that line out, and says only:
# Memory cgroup out of memory: Killed process 12 (python3) total-vm:...
_KILL = re.compile(
    r"oom-kill:constraint=(?P<constraint>\w+).*?,task_memcg=(?P<cgroup>[^,]*)"
    r",task=(?P<name>.*),pid=(?P<pid>\d+),uid=\d+"
    r"|[Oo]ut of memory.*: Killed process (?P<killed>\d+) \((?P<called>.*)\)"
)
_WORDS = (b"oom-kill:", b"ut of memory")  # one of them is in every such line
_RECORD = 8192  # bytes; one read gives one record (Documentation/ABI/testing/dev-kmsg)
_KEPT = 20
_LOG: Shared[Saw] = Shared()


class _Kill(NamedTuple):
    at: float
    pid: int
    name: str
    cgroup: str | None
    constraint: str | None


def oom_kills(target: Target, limit: float) -> Saw:
    """`{since, kills}`: the last ones as `{at, pid, name, cgroup, constraint}`, in epoch seconds.

    Cgroup and constraint are null where the kernel was too busy to name them.  The log is a ring:
    it knows nothing from before `since`.
    """
    if isinstance(target, Located) and not target.here:
        raise CouldNotLook(target.untold or say("probe.not_this_host", target=target.title))
    return _LOG.get(limit, lambda: _log(limit))


def _log(limit: float) -> Saw:
    deadline = time.monotonic() + limit
    try:
        log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise CouldNotLook(say("probe.no_kernel_log", detail=error.strerror)) from error
    kills: list[_Kill] = []
    since = None
    started = time.time() - time.monotonic()
    try:
        while True:
            if time.monotonic() > deadline:
                raise CouldNotLook(say("probe.too_slow", limit=f"{limit:g}"))
            try:
                told = os.read(log, _RECORD)
            except BlockingIOError:
                break
            except BrokenPipeError:
                continue  # the ring was overwritten beneath us; the next read goes on
            if since is not None and not any(word in told for word in _WORDS):
                continue
            record = told.decode("utf-8", errors="replace")
            at = started + int(record.split(",", 3)[2]) / 1e6
            since = at if since is None else since
            if found := _KILL.search(record):
                kill = _kill(found, at)
                if not (kills and kills[-1].pid == kill.pid):
                    kills.append(kill)
    finally:
        os.close(log)
    return {
        "since": round(started if since is None else since, 1),
        "kills": [kill._asdict() for kill in kills[-_KEPT:]],
    }


def _kill(found: re.Match[str], at: float) -> _Kill:
    told = found.groupdict()
    return _Kill(
        at=round(at, 1),
        pid=int(told["pid"] or told["killed"]),
        name=told["name"] or told["called"],
        cgroup=told["cgroup"],
        constraint=told["constraint"],
    )
