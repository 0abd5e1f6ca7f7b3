"""What the kernel killed for want of memory, as its own log has it."""

from __future__ import annotations

import os
import re
import time

from pydantic import JsonValue

from runbook.model import Target
from runbook.probes.look import CouldNotLook, Saw
from runbook.words import say

# oom-kill:constraint=CONSTRAINT_MEMCG,...,task_memcg=/a/b,task=python3,pid=12,uid=0 (mm/oom_kill.c)
_KILL = re.compile(r"oom-kill:constraint=(\w+).*?,task_memcg=([^,]*),task=(.*),pid=(\d+),uid=\d+")
_RECORD = 8192  # bytes; one read gives one record (Documentation/ABI/testing/dev-kmsg)
_KEPT = 20


def oom_kills(target: Target, limit: float) -> Saw:
    """`{kills}`: the last ones as `{at, pid, name, cgroup, constraint}`, times in epoch seconds."""
    if target.runtime.kind != "supervisor":
        raise CouldNotLook(say("probe.no_runtime", kind=target.runtime.kind))
    deadline = time.monotonic() + limit
    try:
        log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise CouldNotLook(say("probe.no_kernel_log", detail=error.strerror)) from error
    kills: list[JsonValue] = []
    try:
        while time.monotonic() < deadline:
            try:
                record = os.read(log, _RECORD).decode("utf-8", errors="replace")
            except BlockingIOError:
                break
            except BrokenPipeError:
                continue  # the ring was overwritten beneath us; the next read goes on
            if found := _KILL.search(record):
                constraint, path, name, pid = found.groups()
                since_start = int(record.split(",", 3)[2]) / 1e6
                kills.append(
                    {
                        "at": round(time.time() - time.monotonic() + since_start, 1),
                        "pid": int(pid),
                        "name": name,
                        "cgroup": path,
                        "constraint": constraint,
                    }
                )
    finally:
        os.close(log)
    return {"kills": kills[-_KEPT:]}
