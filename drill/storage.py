"""What the database server keeps its data on, and how it is got rid of."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from drill.installation import account
from drill.place import Drill


def is_bounded(drill: Drill) -> bool:
    """Whether the disk is a small one of the server's own, which may be filled."""
    return os.path.ismount(drill.disk)


def make_disk(drill: Drill) -> None:
    """The server's disk: a small one of its own when we may mount, else a directory."""
    drill.disk.mkdir(mode=0o700)
    who = account()
    if who is None:
        return
    os.chown(drill.disk, *who)
    subprocess.run(
        [
            *("mount", "-t", "tmpfs"),
            *("-o", f"size=256m,mode=0700,uid={who[0]},gid={who[1]}"),
            *("aura-drill", drill.disk),
        ],
        capture_output=True,
        check=False,
    )


def remove_disk(disk: Path) -> None:
    """The server's disk and all that was on it is gone."""
    if os.path.ismount(disk):
        subprocess.run(["umount", "--lazy", disk], capture_output=True, check=False)
    shutil.rmtree(disk, ignore_errors=True)


def forget_shared_memory(data: Path) -> None:
    """A server that was killed has left no shared memory behind."""
    with suppress(OSError, IndexError, ValueError):
        _key, number = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[6].split()
        ipc_rmid = 0
        ctypes.CDLL(None).shmctl(int(number), ipc_rmid, None)
