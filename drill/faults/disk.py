"""The database server's disk, and filling it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from drill import postgres
from drill.faults.sabotage import Sabotage
from drill.health import readiness, writes
from drill.place import Drill

# Stored uncompressed, it needs pages that a nearly full table does not have.
DOCUMENT = "x" * 65536


def ballast(drill: Drill) -> Path:
    """The file that takes all the room."""
    return drill.disk / "ballast"


def fill(file: Path) -> None:
    """The file has taken all the room there was."""
    with file.open("wb") as stream:
        room = os.statvfs(file.parent)
        size, step = 0, room.f_bavail * room.f_frsize
        while step >= room.f_frsize:
            try:
                os.posix_fallocate(stream.fileno(), size, step)
                size += step
            except OSError as failure:
                if failure.errno != errno.ENOSPC:
                    raise
                step //= 2


def _fill_up(drill: Drill) -> None:
    # Vacuum would give back a page now and then, and a write would succeed in between; a
    # checkpoint writes small files of its own, and a server that cannot write those dies.
    postgres.sabotage_settings(drill, autovacuum="off", checkpoint_timeout="1d")
    with postgres.superuser(drill) as session:
        session.execute("SELECT pg_reload_conf()")
        # Without room for its log the server would not refuse writes but die.
        session.execute("SELECT pg_switch_wal()")
        session.execute("CHECKPOINT")
    fill(ballast(drill))


def _writes_fail_for_good(drill: Drill) -> bool:
    tries = [writes(drill, DOCUMENT), *(writes(drill) for _ in range(5))]
    return not any(tries) and readiness(drill).get("status") == "healthy"


def mend(drill: Drill) -> None:
    """The disk has room."""
    ballast(drill).unlink(missing_ok=True)


SABOTAGES = {"disk-full": Sabotage(_fill_up, _writes_fail_for_good)}
