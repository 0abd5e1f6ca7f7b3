"""What runs of a service at this moment: what an effect is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runbook.model import Target
from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, inspected
from runbook.probes.look import CouldNotLook
from runbook.probes.supervisor import state_of, supervisor_of
from runbook.words import say

_LIMIT = 15.0  # seconds one question may take
_LOG_LINES = 200
PROVIDER = "AI_PROVIDER"
"""The environment variable by which the API is told its provider."""


@dataclass(frozen=True)
class Instance:
    """One process or container of a service; `begun` is when, to tell one start from another.

    `health` is None where nothing tells it; `image` is the image's id, `tag` the name it was asked
    for by; `provider` is the AI provider its environment names.
    """

    name: str
    key: str
    begun: float
    running: bool
    health: str | None = None
    image: str | None = None
    tag: str | None = None
    provider: str | None = None
    log: str = ""

    @property
    def container(self) -> str:
        """The id of its container, in short."""
        return self.key.partition(" ")[0]

    @property
    def well(self) -> bool:
        """It runs, and nothing says that it is sick or not ready."""
        return self.running and self.health in (None, "healthy")


def instances(target: Target, service: str, *, logs: bool = False) -> tuple[Instance, ...]:
    """All instances of the service, running or not; raises CouldNotLook."""
    if target.runtime.kind == "supervisor":
        return (_process(target, service, logs),)
    return tuple(sorted(_containers(target, service, logs), key=lambda one: one.name))


def image_of(target: Target, name: str) -> str | None:
    """The id of the image of that name; None where there is none."""
    with engine_of(target, _LIMIT) as client:
        return next(iter(client.images(name=name, quiet=True)), None)


def _process(target: Target, service: str, logs: bool) -> Instance:
    with supervisor_of(target, _LIMIT) as supervisor:
        info = supervisor.call(state_of(service))
        return Instance(
            name=service,
            key=str(info["pid"]),
            begun=float(info["start"]),
            running=info["statename"] == "RUNNING",
            log=supervisor.log(service) if logs else "",
        )


def _containers(target: Target, service: str, logs: bool) -> list[Instance]:
    project = target.runtime.project
    if project is None:
        raise CouldNotLook(say("probe.no_project", target=target.title))
    with engine_of(target, _LIMIT) as client:
        own = [one for one in inspected(client, project) if replica.service_of(one) == service]
        return [_container(one, _log(client, one["Id"]) if logs else "") for one in own]


def _log(client: Any, container: str) -> str:
    told: bytes = client.logs(container, timestamps=True, tail=_LOG_LINES)
    return told.decode("utf-8", "replace")


def _container(one: Mapping[str, Any], log: str) -> Instance:
    state, config = one["State"], one["Config"]
    given = dict(pair.partition("=")[::2] for pair in config["Env"] or ())
    health = (state.get("Health") or {}).get("Status")
    return Instance(
        name=one["Name"].lstrip("/"),
        key=f"{one['Id'][:12]} {state['StartedAt']}",
        begun=replica.moment(state["StartedAt"]) or 0.0,
        running=replica.state_of(one) == "RUNNING",
        health=None if health == "none" else health,
        image=one["Image"],
        tag=config["Image"],
        provider=given.get(PROVIDER),
        log=log,
    )
