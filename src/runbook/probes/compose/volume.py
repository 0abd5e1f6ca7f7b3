"""The file system under the database's data, from the host or from inside the container."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any

from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, run_in
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.words import say

_NOT_THERE = 126  # the engine's code for a command that is not there, or may not run


def file_system(place: str | Path, path: str) -> Saw:
    """`{path, total, free, read_only}` in bytes of the file system at the place, which is `path` to
    whose it is; raises CouldNotLook.
    """
    try:
        found = os.statvfs(place)
    except OSError as error:
        raise CouldNotLook(say("probe.no_disk", path=path, detail=error.strerror)) from error
    return {
        "path": path,
        "total": found.f_blocks * found.f_frsize,
        "free": found.f_bavail * found.f_frsize,
        "read_only": bool(found.f_flag & os.ST_RDONLY),
    }


def database_volume(target: Located, path: str, limit: float) -> Saw:
    """`{path, total, free, read_only}` in bytes; raises CouldNotLook."""
    own = target.of(target.services.database)
    if not own:
        raise CouldNotLook(say("probe.no_container", service=target.services.database))
    if target.here and (there := _from_here(own[0], path)) is not None:
        return file_system(there, path)
    if not replica.runs(own[0]):
        raise CouldNotLook(say("probe.no_container", service=target.services.database))
    with engine_of(target, limit) as client:
        told = run_in(client, own[0]["Id"], ["df", "-Pk", path])
        mounts = run_in(client, own[0]["Id"], ["cat", "/proc/mounts"])
    words = told.text.splitlines()[-1].split() if told.code == 0 else []
    if told.code >= _NOT_THERE or len(words) < 6:
        raise CouldNotLook(say("probe.no_disk", path=path, detail=told.text.strip()[:200]))
    options = [line.split()[3].split(",") for line in mounts.text.splitlines() if _at(line, words)]
    return {
        "path": path,
        "total": int(words[1]) * 1024,
        "free": int(words[3]) * 1024,
        "read_only": bool(options) and "ro" in options[-1],
    }


def _at(line: str, words: list[str]) -> bool:
    parts = line.split()
    return len(parts) > 3 and parts[1] == words[5]


def _from_here(container: dict[str, Any], path: str) -> Path | None:
    """Where the path inside the container is for us; None where there is no way to it."""
    if replica.runs(container):
        return Path(f"/proc/{container['State']['Pid']}/root") / path.lstrip("/")
    # Who does not run has no root any more, but its volumes are still there.
    mounts = [
        one
        for one in container["Mounts"]
        if one.get("Source") and PurePosixPath(path).is_relative_to(one["Destination"])
    ]
    if not mounts:
        return None
    one = max(mounts, key=lambda mount: len(mount["Destination"]))
    return Path(one["Source"]) / PurePosixPath(path).relative_to(one["Destination"])
