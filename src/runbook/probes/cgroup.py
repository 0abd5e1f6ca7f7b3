"""The memory limits the kernel keeps, in either version of cgroups.

https://docs.kernel.org/admin-guide/cgroup-v2.html#memory, .../cgroup-v1/memory.html
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

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
    for name in ("memory.max", "memory.limit_in_bytes"):
        found = _read(path, name)
        if found is not None:
            return None if found == "max" or int(found) > _UNLIMITED else int(found)
    return None


def used(path: str) -> int | None:
    """The bytes it uses, without the file cache, which it gives back before anybody is killed."""
    for name, total in (("memory.current", ""), ("memory.usage_in_bytes", "total_")):
        found = _read(path, name)
        if found is not None:
            caches = (f"{total}{kind}_file" for kind in ("inactive", "active"))
            return max(0, int(found) - _counted(path, "memory.stat", *caches))
    return None


def oom_kills(path: str) -> int | None:
    """How often the kernel has killed in it for want of memory; None where that is not counted."""
    for name in ("memory.events", "memory.oom_control"):
        if _read(path, name) is not None:
            return _counted(path, name, "oom_kill")
    return None


def processes(path: str) -> list[int]:
    """The processes in the cgroup and below it."""
    found: list[int] = []
    for folder, _, _ in os.walk(_folder(path)):
        found += [int(pid) for pid in (_text(f"{folder}/cgroup.procs") or "").split()]
    return found


def _counted(path: str, name: str, *keys: str) -> int:
    """The sum of these counters of the file."""
    lines = (line.partition(" ") for line in (_read(path, name) or "").splitlines())
    return sum(int(value) for word, _, value in lines if word in keys)


def _read(path: str, name: str) -> str | None:
    return _text(f"{_folder(path)}/{name}")


def _text(file: str) -> str | None:
    try:
        return proc.text(file).strip()
    except OSError:
        return None


def _folder(path: str) -> str:
    return f"{_base()}/{path.lstrip('/')}"


@cache
def _base() -> Path:
    return _ROOT / "memory" if (_ROOT / "memory").is_dir() else _ROOT
