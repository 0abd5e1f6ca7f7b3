"""The memory limits the kernel keeps, in either version of cgroups.

https://docs.kernel.org/admin-guide/cgroup-v2.html#memory, .../cgroup-v1/memory.html
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

from runbook.probes import proc

_ROOT = Path("/sys/fs/cgroup")
_UNLIMITED = 1 << 60  # version 1 writes a number that no machine has


def path_of(pid: int) -> str:
    """The memory cgroup of the process, as a path from the root of cgroups: `/docker/1a2b`.

    Raises OSError where there is no such process.
    """
    lines = proc.text(f"/proc/{pid}/cgroup").splitlines()
    named = {names: path for _, names, path in (line.split(":", 2) for line in lines)}
    return named.get("memory", named.get("", "/"))


def own(pid: int, keeper: str) -> list[str]:
    """The cgroups of the process, from the innermost out, that are not also those of its keeper's.

    Raises OSError where there is no such process.
    """
    common = above(keeper)
    return [one for one in above(path_of(pid)) if one not in common]


def above(path: str) -> list[str]:
    """The cgroup and all above it, from the innermost out, without the root."""
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def limit(path: str) -> int | None:
    """The bytes the cgroup may use; None where it has no limit, or is not to be seen."""
    found = _text(_file(path, _files().limit))
    return None if found in (None, "max") or int(found) > _UNLIMITED else int(found)


def used(path: str, read: Callable[[str], str] = proc.text) -> int | None:
    """The bytes it uses, without the file cache, which it gives back before anybody is killed."""
    found = _text(_file(path, _files().used), read)
    if found is None:
        return None
    caches = _text(_file(path, "memory.stat"), read)
    return max(0, int(found) - _counted(caches, _files().caches))


def oom_kills(path: str) -> int | None:
    """How often the kernel has killed in it for want of memory; None where that is not counted."""
    told = _text(_file(path, _files().kills))
    return None if told is None else _counted(told, ("oom_kill",))


def processes(path: str) -> list[int]:
    """The processes in the cgroup and below it."""
    found: list[int] = []
    for folder, _, _ in os.walk(_folder(path)):
        found += [int(pid) for pid in (_text(f"{folder}/cgroup.procs") or "").split()]
    return found


def _counted(told: str | None, keys: Collection[str]) -> int:
    """The sum of these counters of a file."""
    lines = (line.partition(" ") for line in (told or "").splitlines())
    return sum(int(value) for word, _, value in lines if word in keys)


def _text(file: str, read: Callable[[str], str] = proc.text) -> str | None:
    try:
        return read(file).strip()
    except OSError:
        return None


def _file(path: str, name: str) -> str:
    return f"{_folder(path)}/{name}"


def _folder(path: str) -> str:
    return f"{_files().folder}/{path.lstrip('/')}"


class _Files(NamedTuple):
    """Where a version of cgroups keeps its counters, and what they are called there."""

    folder: Path
    limit: str
    used: str
    caches: tuple[str, ...]
    kills: str


@cache
def _files() -> _Files:
    if (first := _ROOT / "memory").is_dir():
        caches = ("total_inactive_file", "total_active_file")
        names = "memory.limit_in_bytes", "memory.usage_in_bytes", caches, "memory.oom_control"
        return _Files(first, *names)
    return _Files(
        _ROOT, "memory.max", "memory.current", ("inactive_file", "active_file"), "memory.events"
    )
