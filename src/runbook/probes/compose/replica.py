"""What the engine's inspection of a container says, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_LABEL = "com.docker.compose"
_NEVER = "0001-01-01"

# The engine's states (moby, container/state.go) in the words of those who ask what runs.
_STATES = {
    "running": "RUNNING",
    "paused": "PAUSED",
    "restarting": "BACKOFF",
    "created": "STOPPED",
    "exited": "EXITED",
    "removing": "STOPPING",
    "dead": "FATAL",
}
ABSENT = "ABSENT"
"""The state of a service that has no container at all."""


def service_of(container: Mapping[str, Any]) -> str:
    """The service of compose that the container belongs to."""
    return str(container["Config"]["Labels"].get(f"{_LABEL}.service", ""))


def is_oneoff(labels: Mapping[str, str]) -> bool:
    """Whether it was started by `run`, for one task: such a container is not the service's."""
    return str(labels.get(f"{_LABEL}.oneoff", "")).lower() == "true"


def number_of(container: Mapping[str, Any]) -> int:
    """Which of the service's containers it is, from 1."""
    told = str(container["Config"]["Labels"].get(f"{_LABEL}.container-number", "1"))
    return int(told) if told.isdigit() else 1


def state_of(container: Mapping[str, Any]) -> str:
    """RUNNING, PAUSED, BACKOFF, STOPPED, EXITED, STOPPING or FATAL."""
    return _STATES.get(container["State"]["Status"], str(container["State"]["Status"]).upper())


def runs(container: Mapping[str, Any]) -> bool:
    """Whether it has a process, be it paused."""
    return bool(container["State"]["Pid"]) and state_of(container) in ("RUNNING", "PAUSED")


def moment(text: str) -> float | None:
    """The engine's time in epoch seconds; None for what never was."""
    if not text or text.startswith(_NEVER):
        return None
    # Nanoseconds, where Python takes microseconds.
    head, _, tail = text.partition(".")
    digits = tail.rstrip("Z")[:6].ljust(6, "0") if tail else "000000"
    return datetime.fromisoformat(f"{head.rstrip('Z')}.{digits}+00:00").timestamp()


def addresses_of(container: Mapping[str, Any]) -> list[str]:
    """Its addresses in the networks it is connected to."""
    networks = container["NetworkSettings"]["Networks"] or {}
    return [one["IPAddress"] for one in networks.values() if one.get("IPAddress")]


def names_of(container: Mapping[str, Any]) -> set[str]:
    """The names that the other containers of its networks know it by."""
    networks = container["NetworkSettings"]["Networks"] or {}
    return {name for one in networks.values() for name in one.get("Aliases") or ()}


def published(container: Mapping[str, Any], port: int) -> tuple[str, int] | None:
    """The address and port of the host at which the container's port is published."""
    for one in (container["NetworkSettings"]["Ports"] or {}).get(f"{port}/tcp") or ():
        return one["HostIp"], int(one["HostPort"])
    return None
