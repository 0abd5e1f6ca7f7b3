"""What the database server keeps its data on: a small disk of its own where we may mount one."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from drill.compose.deployment import Deployment
from drill.compose.engine import ran

_MEGABYTES = 256


def is_bounded(deployment: Deployment) -> bool:
    """Whether the disk is a small one of the server's own, which may be filled."""
    return os.path.ismount(deployment.disk)


def make_disk(deployment: Deployment) -> None:
    """There is a disk: a file with a file system in it, else a directory."""
    deployment.disk.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or is_bounded(deployment):
        return
    image = deployment.file("pgdata.img")
    if not image.exists():
        with image.open("wb") as file:
            file.truncate(_MEGABYTES << 20)
        ran(["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", str(image)])
    with suppress(OSError, subprocess.SubprocessError):
        ran(["mount", "-o", "loop", str(image), str(deployment.disk)])


def remove_disk(disk: Path) -> None:
    """Nothing is mounted there any more, and no loop device is held for it."""
    while os.path.ismount(disk):
        # Lazily: whoever still looks at it keeps it for himself, and it goes with him.
        ran(["umount", "--lazy", str(disk)])
