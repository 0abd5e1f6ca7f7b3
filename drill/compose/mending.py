"""Making every part of the compose drill good, whatever was done to it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from drill.compose.deployment import Deployment, inspect, labelled
from drill.compose.disk import remove_disk
from drill.compose.up import clear_containers, clear_networks, raise_
from runbook.errors import RunbookError

# What a fault leaves among the server's files, and what an `ALTER SYSTEM` does.
LEFTOVERS = ("ballast", "pg/standby.signal", "pg/recovery.signal", "pg/postgresql.auto.conf")


def mend(deployment: Deployment, fault: str | None) -> None:
    """Every part is as it was when the drill came up, except the data, which stay.

    Nobody asks which fault it was.  Containers are made anew rather than looked through; where
    that is not enough, so are the network and the data.
    """
    del fault
    project = deployment.state.project
    clear_containers(project)
    if not _network_is_right(deployment):
        clear_networks(project)
    for name in LEFTOVERS:
        with suppress(OSError):
            (deployment.disk / name).unlink()
    try:
        raise_(deployment)
    except (RunbookError, subprocess.SubprocessError, OSError):
        clear_containers(project)
        clear_networks(project)
        remove_disk(deployment.disk)
        deployment.file("pgdata.img").unlink(missing_ok=True)
        shutil.rmtree(deployment.disk, ignore_errors=True)
        raise_(deployment)


def keep_logs(deployment: Deployment) -> Path:
    """What the containers have printed, in a file that outlives them."""
    deployment.place.logs.mkdir(exist_ok=True)
    file = deployment.place.logs / "containers.log"
    file.write_text(deployment.compose("logs", "--no-color", check=False), encoding="utf-8")
    return file.parent


def _network_is_right(deployment: Deployment) -> bool:
    nets = inspect(*labelled("network", "ls", "-q", project=deployment.state.project))
    ours = [(net["Name"], net["IPAM"]["Config"][0]["Subnet"], net["Containers"]) for net in nets]
    return ours == [(deployment.network, deployment.state.subnet, {})]
