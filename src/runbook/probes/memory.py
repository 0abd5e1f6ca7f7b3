"""What services and their host use of memory, looked at long enough to see it grow."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import psutil
from pydantic import JsonValue

from runbook.model import Target
from runbook.probes import cgroup, proc
from runbook.probes.compose import replica, usage
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.samples import Counted, pages, processes, samples, swaps
from runbook.probes.shared import Shared
from runbook.probes.supervisor import PID, state_of, supervisor_of
from runbook.words import say

_TOP = 5
_SHORTEST = 0.1  # seconds a rate can be told of
# A process that was started this moment may not be in its cgroup yet.
_PUT_IN_PLACE, _AGAIN = 3.0, 0.1  # seconds
_LARGEST: Shared[list[dict[str, Any]]] = Shared()
_HAD = re.compile(r"^(VmRSS|VmHWM):\s+(\d+) kB$", re.M)  # proc_pid_status(5)


class _Service(NamedTuple):
    pid: int
    age: float
    limit: int | None
    cgroup: str | None


def memory(target: Target, limit: float) -> Saw:
    """`{services, limited, samples, host, top, swap}`: what is used, by whom, and how much may be.

    `services` has for each role `{pid, age, limit, cgroup, resident, peak}` (bytes; null is no
    limit of its own; peak is the most its processes ever had resident), `limited` are those
    that must have one; `samples` rows of `{at}` in seconds with the bytes of each role; `host` is
    the tightest bound around all services, `{used, total, bound}`; `swap` the pages moved in and
    out `per_second` meanwhile; both are null where the host is not this one.
    """
    if isinstance(target, Located) and not target.here:
        return usage.memory(target, limit)
    deadline = time.monotonic() + limit
    running, host_path = _running(target, limit)
    services = _services(running, host_path, target.limited, deadline)
    begin, swapped = time.monotonic(), swaps()
    counted = {role: Counted(one.pid, one.cgroup) for role, one in services.items()}
    found = samples(counted, deadline, contained=isinstance(target, Located))
    moved = (swaps() - swapped) / max(_SHORTEST, time.monotonic() - begin)
    host = _host(cgroup.above(host_path))
    pids = {role: processes(one) for role, one in counted.items()}
    return {
        "services": {
            role: {**service._asdict(), **_resident_and_peak(pids[role])}
            for role, service in services.items()
        },
        "limited": list(target.limited),
        "samples": [dict(one) for one in found],
        "host": host,
        "top": _top(str(host["bound"]), pids),
        "swap": {"per_second": round(moved, 1), "total": psutil.swap_memory().total},
    }


def _running(target: Target, limit: float) -> tuple[dict[str, int], str]:
    """The process of each service that runs, and the cgroup of what runs them."""
    if isinstance(target, Located):
        return _contained(target)
    names = target.services.model_dump(exclude_none=True)
    with supervisor_of(target, limit) as supervisor:
        keeper, *told = supervisor.calls(PID, *map(state_of, names.values()))
    pids = {role: int(info["pid"]) for role, info in zip(names, told, strict=True)}
    try:
        return {role: pid for role, pid in pids.items() if pid}, cgroup.path_of(int(keeper))
    except OSError as error:
        raise CouldNotLook(say("probe.not_this_host", target=target.title)) from error


def _contained(target: Located) -> tuple[dict[str, int], str]:
    """As `_running`; of several containers of a service the second is called `api-2`."""
    pids: dict[str, int] = {}
    for role, name in target.services.model_dump(exclude_none=True).items():
        for place, one in enumerate(filter(replica.runs, target.of(name)), start=1):
            pids[role if place == 1 else f"{role}-{place}"] = one["State"]["Pid"]
    try:
        paths = [cgroup.path_of(pid) for pid in pids.values()]
    except OSError as error:
        raise CouldNotLook(say("probe.not_this_host", target=target.title)) from error
    return pids, str(PurePosixPath(paths[0]).parent) if paths else "/"


def _services(
    running: dict[str, int], host_path: str, limited: Sequence[str], deadline: float
) -> dict[str, _Service]:
    """The services by role, once those that must have a limit had the time to get it."""
    while True:
        told = {role: _service(pid, host_path) for role, pid in running.items()}
        services = {role: service for role, service in told.items() if service is not None}
        bare = [services[role] for role in limited if role in services]
        fresh = [one for one in bare if one.limit is None and one.age < _PUT_IN_PLACE]
        if not fresh or time.monotonic() + _AGAIN > deadline:
            return services
        time.sleep(_AGAIN)


def _service(pid: int, host_path: str) -> _Service | None:
    with suppress(OSError):
        own = cgroup.own(pid, host_path)
        # Who is ending has given its memory back, and the kernel shows it in no cgroup any more.
        if not pages(pid)[0]:
            return None
        limits = [bound for one in own if (bound := cgroup.limit(one)) is not None]
        return _Service(
            pid=pid,
            age=round(time.time() - proc.born(pid), 1),
            limit=min(limits, default=None),
            cgroup=own[0] if own else None,
        )
    return None


def _resident_and_peak(pids: Iterable[int]) -> dict[str, int]:
    """What these processes have resident now, and the most that each of them ever had."""
    resident = peak = 0
    for pid in pids:
        with suppress(OSError, KeyError, ValueError):
            had = dict(_HAD.findall(proc.text(f"/proc/{pid}/status")))
            resident += int(had["VmRSS"]) * 1024
            peak += int(had["VmHWM"]) * 1024
    return {"resident": resident, "peak": peak}


def _host(common: Iterable[str]) -> dict[str, JsonValue]:
    machine = psutil.virtual_memory()
    bounds: list[tuple[int, int, str]] = [(machine.total - machine.available, machine.total, "/")]
    for path in common:
        total, taken = cgroup.limit(path), cgroup.used(path)
        if total and taken is not None:
            bounds.append((taken, total, path))
    taken, total, path = max(bounds, key=lambda bound: bound[0] / bound[1])
    return {"used": taken, "total": total, "bound": path}


def _top(bound: str, services: dict[str, list[int]]) -> list[JsonValue]:
    """The processes that use most within the bound, and whose they are."""
    owners = {pid: role for role, pids in services.items() for pid in pids}
    largest = _LARGEST.get(bound, partial(_largest, bound))
    return [{**one, "role": owners.get(one["pid"])} for one in largest]


def _largest(bound: str) -> list[dict[str, Any]]:
    """The processes within the bound with the most bytes that they share with nobody."""
    pids = psutil.pids() if bound == "/" else cgroup.processes(bound)
    private = {pid: resident - shared for pid in pids for resident, shared in [pages(pid)]}
    found: list[dict[str, Any]] = []
    for pid in sorted(private, key=lambda pid: (-private[pid], pid)):
        with suppress(psutil.Error):
            name = psutil.Process(pid).name()
            found.append({"pid": pid, "name": name, "bytes": private[pid]})
        if len(found) == _TOP:
            break
    return found
