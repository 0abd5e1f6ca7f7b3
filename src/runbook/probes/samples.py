"""What services use of memory, looked at for as long as it takes to tell whether one grows."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from itertools import chain, pairwise
from typing import NamedTuple

from runbook.probes import cgroup, proc
from runbook.probes.sockets import family

Sample = dict[str, float]
"""The bytes of each service, and `at` in seconds."""

# Samples of a glance, and the seconds between two; after it they are further apart.  Who takes more
# ten times a second, does so in each half of a glance.
_GLANCE, _BRIEFLY, _EVERY = 5, 0.07, 0.1
# Samples where the processes took so many bytes in both halves of it.  What they have the kernel
# tells to the page; who takes a step, for being looked at, is soon level again.
_LOOK, _ANY_PAGES = 8, 12 * 1024
# Samples, and the bytes somebody must have grown by for more to be worth the wait.  Of a cgroup the
# kernel counts in portions of up to 256 kB a processor, so much less than that tells nothing.
_SECOND_GLANCE, _ANY_GROWTH = 12, 100 * 1024
_STARE, _STEADY_GROWTH = 36, 200 * 1024

Pages = Callable[[int], tuple[int, int]]
_PAGE = resource.getpagesize()
_SWAPPED = re.compile(r"^pswp(?:in|out) (\d+)$", re.M)


class Counted(NamedTuple):
    """How a service is counted: as its own cgroup is, else as its process and all below it."""

    pid: int
    cgroup: str | None


def samples(services: Mapping[str, Counted], deadline: float, *, contained: bool) -> list[Sample]:
    """Three samples and more, until `deadline` (`time.monotonic`) at most.

    `contained` services are watched until a step of theirs is over: what is run in a container is
    counted in its cgroup until it ends.
    """
    with proc.Kept() as kept:
        return _samples(services, deadline, kept, contained=contained)


def _samples(
    services: Mapping[str, Counted], deadline: float, kept: proc.Kept, *, contained: bool
) -> list[Sample]:
    pids = {role: processes(one) for role, one in services.items()}
    begin, swapped = time.monotonic(), swaps()
    found: list[Sample] = []
    resident: list[int] = []
    while True:
        if len(found) > _GLANCE:
            pids = {role: processes(one) for role, one in services.items()}
        of = cache(partial(pages, read=kept.text))  # in one sample nobody is asked twice
        at = round(time.monotonic() - begin, 3)
        used = {role: _used(one, pids[role], of, kept) for role, one in services.items()}
        found.append({"at": at, **{role: size for role, size in used.items() if size}})
        if len(found) <= _GLANCE:
            resident.append(sum(of(pid)[0] for pid in chain.from_iterable(pids.values())))
        if len(found) < _GLANCE:
            more = True
        elif len(found) == _GLANCE:
            more = _grows(resident) or _climbs(found) or swaps() > swapped
        else:
            more = len(found) < _LOOK or _worth_another(found)
        more = more or (contained and _climbs(found))
        pause = _BRIEFLY if len(found) < _GLANCE else _EVERY
        if not more or time.monotonic() + pause > deadline:
            return found
        time.sleep(pause)


def swaps() -> int:
    """The pages moved in and out of swap since the machine started (/proc/vmstat)."""
    return sum(map(int, _SWAPPED.findall(proc.text("/proc/vmstat"))))


def pages(pid: int, read: Callable[[str], str] = proc.text) -> tuple[int, int]:
    """What the process has resident, and how much of it is shared (proc_pid_statm(5)); 0 if it is
    no more.
    """
    with suppress(OSError, ValueError):
        _, resident, shared, *_ = read(f"/proc/{pid}/statm").split()
        return int(resident) * _PAGE, int(shared) * _PAGE
    return 0, 0


def processes(service: Counted) -> list[int]:
    """The processes of the service: all of its own cgroup, else its process and all below it."""
    return cgroup.processes(service.cgroup) if service.cgroup else family(service.pid)


def _grows(resident: list[int]) -> bool:
    first, middle, last = resident[0], resident[len(resident) // 2], resident[-1]
    return min(middle - first, last - middle) >= _ANY_PAGES


def _used(service: Counted, pids: list[int], of: Pages, kept: proc.Kept) -> int:
    counted = cgroup.used(service.cgroup, kept.text) if service.cgroup else None
    return _own(pids, of) if counted is None else counted


def _own(pids: list[int], of: Pages) -> int:
    """The bytes of the process and of those below it; what they share is counted once."""
    if not pids:
        return 0
    (first, _), *others = map(of, pids)
    return first + sum(resident - shared for resident, shared in others) if first else 0


def _worth_another(found: list[Sample]) -> bool:
    """Whether there are too few samples yet for how much somebody has grown."""
    first, middle, last = found[0], found[len(found) // 2], found[-1]
    if len(found) < _SECOND_GLANCE:
        # Of late: who takes one step, for being looked at, is soon level again.
        late = found[-_GLANCE]
        return max(size - late.get(role, size) for role, size in last.items()) >= _ANY_GROWTH
    # In both halves: who takes a step, for being looked at or for a request, does not leak.
    steadily = max(
        2 * min(middle.get(role, size) - first.get(role, size), size - middle.get(role, size))
        for role, size in last.items()
    )
    return len(found) < _STARE and steadily >= _STEADY_GROWTH


def _climbs(found: list[Sample]) -> bool:
    """Whether somebody has grown all the time, and it may still prove to be a step."""
    if len(found) >= _STARE:
        return False
    thirds = [found[len(found) * part // 3] for part in (0, 1, 2)] + [found[-1]]
    return any(
        all(low[role] < high[role] for low, high in pairwise(thirds))
        for role in found[-1]
        if role != "at" and all(role in one for one in thirds)
    )
