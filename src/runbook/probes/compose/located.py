"""Where the services of a compose project are, found once and before anything is asked of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import JsonValue

from runbook.model import Target
from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, inspected
from runbook.probes.compose.tunnel import SSH, tunnel
from runbook.probes.look import CouldNotLook
from runbook.words import say

_LIMIT = 3.0  # seconds for the whole of it
_FAR = (SSH, "tcp://", "http://", "https://")
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - where a port is published


class NotPublished(CouldNotLook):
    """The port is there for the other containers only, and we are not on their host."""


class Located(Target):
    """A target whose containers were looked up; `untold` says why they could not be.

    `containers` are the engine's inspections; `here` is whether their processes are this machine's,
    `far` the host behind ssh where they are.
    """

    containers: tuple[dict[str, JsonValue], ...] = ()
    here: bool = False
    untold: str | None = None
    far: str | None = None

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
                found.append((self._bound(at[0]), at[1]))
        if not found and not self.here and any(map(replica.runs, self.of(service))):
            raise NotPublished(say("probe.not_published", service=service, port=port))
        return found

    def _bound(self, bound: str) -> str:
        far = self.far or urlsplit(self.runtime.host or "").hostname
        return far if far else ("127.0.0.1" if bound in _EVERYWHERE else bound)


def located(target: Target, within: float) -> Target:
    """The target with its containers, where docker-compose runs it; any other as it is."""
    if target.runtime.kind != "docker-compose":
        return target
    return _surveyed(target, min(_LIMIT, within / 2), far=_host(target).startswith(_FAR))


@contextmanager
def at_hand(target: Target, within: float) -> Iterator[Target]:
    """As `located`; an engine behind ssh is reached over one connection until the end."""
    if target.runtime.kind != "docker-compose" or not _host(target).startswith(SSH):
        yield located(target, within)
        return
    limit = min(_LIMIT, within / 2)
    with ExitStack() as stack:
        try:
            near = stack.enter_context(tunnel(_host(target), limit))
        except CouldNotLook as reason:
            yield _located(target, untold=str(reason))
            return
        runtime = target.runtime.model_copy(update={"host": near})
        found = _surveyed(target.model_copy(update={"runtime": runtime}), limit, far=True)
        yield found.model_copy(update={"far": urlsplit(_host(target)).hostname})


def _host(target: Target) -> str:
    return target.runtime.host or os.environ.get("DOCKER_HOST", "")


def _surveyed(target: Target, limit: float, far: bool) -> Located:
    project = target.runtime.project
    if project is None:
        return _located(target, untold=say("probe.no_project", target=target.title))
    try:
        with engine_of(target, limit) as client:
            containers = inspected(client, project)
    except CouldNotLook as reason:
        return _located(target, untold=str(reason))
    return _located(target, containers=tuple(containers), here=not far and _here(containers))


def _located(target: Target, **found: Any) -> Located:
    known = {name: getattr(target, name) for name in type(target).model_fields}
    return Located.model_construct(**known, **found)


def _here(containers: Iterable[dict[str, Any]]) -> bool:
    """Whether their processes are this machine's: an engine may be in a machine of its own.

    Where none runs there is no sign that it is.
    """
    for one in containers:
        pid = one["State"]["Pid"]
        if pid:
            try:
                return one["Id"] in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8")
            except OSError:
                return False
    return True
