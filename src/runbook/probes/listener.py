"""Who holds the API's port on this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

import psutil
from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import host_and_port
from runbook.probes.compose import services as containers
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.sockets import family, held, holders, listening_beside
from runbook.probes.supervisor import state_of, supervisor_of
from runbook.words import say


def api_listener(target: Target, limit: float) -> Saw:
    """`{port, service, listeners, heard}`, each listener `{pid, name, own, at}`.

    Own is the API's process; at is the address and port.  `heard` is where the API's process
    listens, as `heard_at` tells it; null where that is hidden.
    """
    _, port = host_and_port(target.api.url)
    if isinstance(target, Located):
        return containers.api_listener(target, port, limit)
    with supervisor_of(target, limit) as supervisor:
        service = target.services.api
        pid = int(supervisor.call(state_of(service))["pid"])
    own = family(pid) if pid else []
    listeners: list[JsonValue] = []
    for at, inode, _ in listening_beside(os.getpid()):
        if int(at.rpartition(":")[2]) != port:
            continue
        holder = next(holders(inode, [*own, *psutil.pids()]), None)
        if holder is None:
            raise CouldNotLook(say("probe.not_allowed", what=f":{port}"))
        name = "?"
        with suppress(psutil.Error):
            name = psutil.Process(holder).name()
        listeners.append({"pid": holder, "name": name, "own": holder in own, "at": at})
    heard = heard_at(own, port)
    return {
        "port": port,
        "service": service,
        "listeners": listeners,
        "heard": None if heard is None else list(heard),
    }


def heard_at(processes: Sequence[int], port: int) -> list[str] | None:
    """Where these processes listen, `address:port`; None where that is hidden.

    All of them are asked, if need be, for who listens at the port.  Once that is known nobody else
    is: the hundred children of a database have thousands of files open.
    """
    if not processes:
        return []
    try:
        there = listening_beside(processes[0])
        wanted = {inode for at, inode, _ in there if at.endswith(f":{port}")}
        inodes: set[int] = set()
        for one in processes:
            with suppress(FileNotFoundError, ProcessLookupError):  # children come and go
                inodes |= held(one)
            if wanted and wanted <= inodes:
                break
    except PermissionError:
        return None
    except OSError:
        return []
    return sorted({at for at, inode, _ in there if inode in inodes})
