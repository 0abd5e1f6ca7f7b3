"""The disk under the database."""

from __future__ import annotations

import os

from runbook.model import Target
from runbook.probes.compose import volume
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.words import say


def database_disk(target: Target, limit: float) -> Saw:
    """`{path, total, free, read_only}` of the database's data directory, in bytes."""
    path = target.database.data_dir
    if path is None:
        raise CouldNotLook(say("probe.no_data_dir", target=target.title))
    if isinstance(target, Located):
        return volume.database_volume(target, path, limit)
    # statvfs takes no limit; `collect` stops waiting for a disk that hangs.
    try:
        found = os.statvfs(path)
    except OSError as error:
        raise CouldNotLook(say("probe.no_disk", path=path, detail=error.strerror)) from error
    return {
        "path": path,
        "total": found.f_blocks * found.f_frsize,
        "free": found.f_bavail * found.f_frsize,
        "read_only": bool(found.f_flag & os.ST_RDONLY),
    }
