"""Who holds the API's port on this machine."""

from __future__ import annotations

from contextlib import suppress

import psutil
from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import host_and_port
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.supervisor import supervisor_of
from runbook.words import say


def api_listener(target: Target, limit: float) -> Saw:
    """`{port, service, listeners}`, each listener `{pid, name, own}`: own is the API's process."""
    with supervisor_of(target, limit) as supervisor:
        service = target.services.api
        pid = int(supervisor.call("supervisor.getProcessInfo", service)["pid"])
    own: set[int] = set()
    if pid:
        with suppress(psutil.Error):
            parent = psutil.Process(pid)
            own = {pid, *(one.pid for one in parent.children(recursive=True))}
    _, port = host_and_port(target.api.url)
    listeners: list[JsonValue] = []
    for one in psutil.net_connections(kind="tcp"):
        if one.status != psutil.CONN_LISTEN or not one.laddr or one.laddr.port != port:
            continue
        if one.pid is None:
            raise CouldNotLook(say("probe.not_allowed", what=f":{port}"))
        name = "?"
        with suppress(psutil.Error):
            name = psutil.Process(one.pid).name()
        listeners.append({"pid": one.pid, "name": name, "own": one.pid in own})
    return {"port": port, "service": service, "listeners": listeners}
