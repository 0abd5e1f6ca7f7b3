"""Who holds the API's port on this machine."""

from __future__ import annotations

from contextlib import suppress

import psutil
from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import host_and_port
from runbook.probes.compose import services as containers
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.supervisor import supervisor_of
from runbook.words import say


def api_listener(target: Target, limit: float) -> Saw:
    """`{port, service, listeners, heard}`, each listener `{pid, name, own, at}`.

    Own is the API's process; at is the address and port.  `heard` are all at which the API's
    process listens; null where that is hidden.
    """
    _, port = host_and_port(target.api.url)
    if isinstance(target, Located):
        return containers.api_listener(target, port, limit)
    with supervisor_of(target, limit) as supervisor:
        service = target.services.api
        pid = int(supervisor.call("supervisor.getProcessInfo", service)["pid"])
    own = _family(pid) if pid else set()
    listeners: list[JsonValue] = []
    for one in psutil.net_connections(kind="tcp"):
        if one.status != psutil.CONN_LISTEN or not one.laddr or one.laddr.port != port:
            continue
        if one.pid is None:
            raise CouldNotLook(say("probe.not_allowed", what=f":{port}"))
        name = "?"
        with suppress(psutil.Error):
            name = psutil.Process(one.pid).name()
        at = f"{one.laddr.ip}:{port}"
        listeners.append({"pid": one.pid, "name": name, "own": one.pid in own, "at": at})
    heard = heard_at(pid) if pid else []
    return {
        "port": port,
        "service": service,
        "listeners": listeners,
        "heard": None if heard is None else list(heard),
    }


def heard_at(pid: int) -> list[str] | None:
    """Where the process and those below it listen, `address:port`; None where that is hidden."""
    found: set[str] = set()
    for one in _family(pid):
        try:
            wires = psutil.Process(one).net_connections(kind="tcp")
        except psutil.NoSuchProcess:
            continue  # children come and go
        except (psutil.Error, OSError):
            return None
        listening = [wire.laddr for wire in wires if wire.status == psutil.CONN_LISTEN]
        found |= {f"{at.ip}:{at.port}" for at in listening}
    return sorted(found)


def _family(pid: int) -> set[int]:
    with suppress(psutil.Error):
        return {pid, *(one.pid for one in psutil.Process(pid).children(recursive=True))}
    return set()
