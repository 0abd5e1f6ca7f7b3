"""What runs of a service at this moment: what an effect is read from."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runbook.model import Target
from runbook.probes.look import CouldNotLook
from runbook.probes.supervisor import supervisor_of
from runbook.words import say

_LIMIT = 15.0  # seconds one question may take
_LOG_LINES = "200"
PROVIDER = "AI_PROVIDER"
"""The environment variable by which the API is told its provider."""
_LABEL = "com.docker.compose"


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
    done = docker(target, "image", "inspect", "--format", "{{.Id}}", name, check=False)
    return done.strip() if done.startswith("sha256:") else None


def docker(target: Target, *words: str, check: bool = True) -> str:
    """What the client of the target's engine printed; raises CouldNotLook."""
    host = target.runtime.host
    try:
        done = subprocess.run(
            ["docker", *words],
            env={**os.environ, **({"DOCKER_HOST": host} if host else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LIMIT,
            text=True,
            errors="replace",
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotLook(say("act.no_engine", detail=error)) from error
    if check and done.returncode != 0:
        raise CouldNotLook(say("act.no_engine", detail=done.stdout.strip()[:300]))
    return done.stdout


def _process(target: Target, service: str, logs: bool) -> Instance:
    with supervisor_of(target, _LIMIT) as supervisor:
        info = supervisor.call("supervisor.getProcessInfo", service)
        return Instance(
            name=service,
            key=str(info["pid"]),
            begun=float(info["start"]),
            running=info["statename"] == "RUNNING",
            log=supervisor.log(service) if logs else "",
        )


def _containers(target: Target, service: str, logs: bool) -> list[Instance]:
    labels = (f"project={target.runtime.project}", f"service={service}", "oneoff=False")
    filters = [word for one in labels for word in ("--filter", f"label={_LABEL}.{one}")]
    ids = docker(target, "ps", "-aq", "--no-trunc", *filters).split()
    # One that is gone since is no error: the others are asked all the same.
    told = docker(target, "inspect", *ids, check=False) if ids else "[]"
    found = json.loads(told[: told.rindex("]") + 1] if "]" in told else "[]")
    return [_container(target, one, logs) for one in found]


def _container(target: Target, one: dict[str, Any], logs: bool) -> Instance:
    state, config = one["State"], one["Config"]
    given = dict(pair.partition("=")[::2] for pair in config["Env"] or ())
    health = (state.get("Health") or {}).get("Status")
    return Instance(
        name=one["Name"].lstrip("/"),
        key=f"{one['Id'][:12]} {state['StartedAt']}",
        begun=_epoch(state["StartedAt"]),
        running=state["Status"] == "running",
        health=None if health == "none" else health,
        image=one["Image"],
        tag=config["Image"],
        provider=given.get(PROVIDER),
        log=docker(target, "logs", "-t", "--tail", _LOG_LINES, one["Id"], check=False)
        if logs
        else "",
    )


def _epoch(text: str) -> float:
    # Docker tells nanoseconds, of which Python reads six digits.
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6].ljust(6, '0')}+00:00").timestamp()
