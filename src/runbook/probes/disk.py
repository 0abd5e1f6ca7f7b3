"""The disk under the database."""

from __future__ import annotations

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
    return volume.file_system(path, path)
