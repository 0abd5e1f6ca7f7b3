"""Where the services of a compose project are, found once and before anything is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from pydantic import JsonValue

from runbook.model import Target
from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, inspected
from runbook.probes.look import CouldNotLook
from runbook.words import say

_LIMIT = 3.0  # seconds for the whole of it
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - where a port is published


class Located(Target):
    """A target whose containers were looked up; `untold` says why they could not be.

    `containers` are the engine's inspections; `here` is whether their processes are this machine's.
    """

    containers: tuple[dict[str, JsonValue], ...] = ()
    here: bool = False
    untold: str | None = None

    def of(self, service: str | None) -> list[dict[str, Any]]:
        """The containers of the service, those that run first; raises CouldNotLook."""
        if self.untold is not None:
            raise CouldNotLook(self.untold)
        own = [one for one in self.containers if replica.service_of(one) == service]
        order = {"RUNNING": 0, "PAUSED": 1}
        return sorted(
            own,
            key=lambda one: (order.get(replica.state_of(one), 2), replica.number_of(one)),
        )

    def is_service(self, host: str) -> bool:
        """Whether the host is the name of one of the project's services."""
        return host in self.services.model_dump(exclude_none=True).values()

    def places(self, service: str, port: int) -> list[tuple[str, int]]:
        """Where the port of the service can be reached from here; none where no container runs."""
        found = []
        for one in filter(replica.runs, self.of(service)):
            if self.here:
                # Docker's proxy on the host takes connections for the dead; the container does not.
                found += [(address, port) for address in replica.addresses_of(one)]
            elif (at := replica.published(one, port)) is not None:
                found.append((self._host(at[0]), at[1]))
        if not found and not self.here and any(map(replica.runs, self.of(service))):
            raise CouldNotLook(say("probe.not_published", service=service, port=port))
        return found

    def _host(self, bound: str) -> str:
        far = urlsplit(self.runtime.host or "").hostname
        return far if far else ("127.0.0.1" if bound in _EVERYWHERE else bound)


def located(target: Target, within: float) -> Target:
    """The target with its containers, where docker-compose runs it; any other as it is."""
    if target.runtime.kind != "docker-compose":
        return target
    limit = min(_LIMIT, within / 2)
    told: list[Located] = []
    # In a thread of its own: an engine behind SSH may be silent without any limit.
    survey = Thread(target=lambda: told.append(_surveyed(target, limit)), daemon=True)
    survey.start()
    survey.join(limit + 1)
    return told[0] if told else _located(target, untold=say("probe.too_slow", limit=f"{limit:g}"))


def _surveyed(target: Target, limit: float) -> Located:
    project = target.runtime.project
    if project is None:
        return _located(target, untold=say("probe.no_project", target=target.title))
    try:
        with engine_of(target, limit) as client:
            containers = inspected(client, project)
    except CouldNotLook as reason:
        return _located(target, untold=str(reason))
    return _located(target, containers=tuple(containers), here=_here(containers))


def _located(target: Target, **found: Any) -> Located:
    known = {name: getattr(target, name) for name in type(target).model_fields}
    return Located.model_construct(**known, **found)


def _here(containers: Iterable[dict[str, Any]]) -> bool:
    """Whether a process of theirs is one of this machine: an engine may be far, or in a machine."""
    for one in containers:
        pid = one["State"]["Pid"]
        if pid:
            try:
                return one["Id"] in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8")
            except OSError:
                continue
    return False
