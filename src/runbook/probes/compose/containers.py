"""Every container of the services, as the engine sees it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from pydantic import JsonValue

from runbook.model import Target
from runbook.probes.compose import replica
from runbook.probes.compose.declared import declared
from runbook.probes.compose.engine import engine_of
from runbook.probes.compose.health import health
from runbook.probes.compose.located import Located
from runbook.probes.look import Saw

_LABEL = "com.docker.compose"
_AT_ONCE = 8
_PERIOD = 100_000  # microseconds, where nothing else is set


def containers(target: Target, limit: float) -> Saw:
    """`{runtime, services: {role: {name, declared, containers}}, networks}`.

    Each container is `{id, number, state, exit, oom, error, restarts, started, finished, health,
    limit, cpus, ports, networks, image, ...}`, times in epoch seconds, sizes in bytes; `declared`
    is what the compose file says where it is here, else null.  `networks` are the project's own.
    Without containers there is only the runtime.
    """
    if not isinstance(target, Located):
        return {"runtime": target.runtime.kind, "services": {}, "networks": []}
    roles: Saw = {}
    names = target.services.model_dump(exclude_none=True)
    every = {name: target.of(name) for name in names.values()}
    said = declared(target, limit)
    # Side by side: who is frozen takes all the patience there is.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = {
            role: [pool.submit(health, target, role, one) for one in every[name]]
            for role, name in names.items()
        }
        flags = {role: [one.result() for one in every_one] for role, every_one in asked.items()}
    with engine_of(target, limit) as client:
        images = {
            tag: _image_id(client, tag)
            for tag in {one["Config"]["Image"] for own in every.values() for one in own}
        }
        for role, name in names.items():
            wanted = said.get(name)
            roles[role] = {
                "name": name,
                "declared": None if wanted is None else wanted._asdict(),
                "containers": [
                    _container(one, images) | {"health": told}
                    for one, told in zip(every[name], flags[role], strict=True)
                ],
            }
        networks = client.networks(filters={"label": f"{_LABEL}.project={target.runtime.project}"})
    return {
        "runtime": target.runtime.kind,
        "services": roles,
        "networks": [one["Name"] for one in networks],
    }


def _container(one: dict[str, Any], images: dict[str, str | None]) -> dict[str, JsonValue]:
    state, host = one["State"], one["HostConfig"]
    networks = one["NetworkSettings"]["Networks"] or {}
    tag = one["Config"]["Image"]
    return {
        "id": one["Id"][:12],
        "number": replica.number_of(one),
        "state": replica.state_of(one),
        "exit": state["ExitCode"],
        "oom": bool(state["OOMKilled"]),
        "error": state["Error"],
        "restarts": one["RestartCount"],
        "policy": host["RestartPolicy"]["Name"],
        "started": replica.moment(state["StartedAt"]),
        "finished": replica.moment(state["FinishedAt"]),
        "limit": host["Memory"] or None,
        "cpus": _cpus(host),
        "pids": host.get("PidsLimit") or None,
        "ports": sorted(one["NetworkSettings"]["Ports"] or {}),
        "networks": {
            name: {"address": net["IPAddress"], "aliases": list(net.get("Aliases") or ())}
            for name, net in networks.items()
        },
        "image": tag,
        "image_id": one["Image"],
        "tag_moved": images.get(tag) not in (None, one["Image"]),
        "created": replica.moment(one["Created"]),
    }


def _cpus(host: dict[str, Any]) -> float | None:
    """The processors it may use, whichever way the engine was told; None where it may use all."""
    if host["NanoCpus"]:
        return float(host["NanoCpus"]) / 1e9
    quota = host.get("CpuQuota") or 0
    return round(quota / (host.get("CpuPeriod") or _PERIOD), 3) if quota > 0 else None


def _image_id(client: Any, tag: str) -> str | None:
    """The image that the tag means now; None where there is none of that name."""
    from docker.errors import DockerException

    with suppress(DockerException):
        return str(client.inspect_image(tag)["Id"])
    return None
