"""What a container's health flag says, and whether its service answers all the same."""

from __future__ import annotations

import socket
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic import JsonValue

from runbook.model.target import host_and_port
from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, run_in
from runbook.probes.compose.located import Located
from runbook.probes.compose.namespace import NotAdmitted, inside
from runbook.probes.http import Silence, get
from runbook.probes.look import CouldNotLook

_LINES, _TEXT = 3, 300  # the last outputs of the health check, and the characters of each
_PATIENCE = 1.5  # seconds
_FAILING = 500
# What each of them answers at once, with whatever it has: PostgreSQL's SSLRequest, and a request
# in plain HTTP, which also a port of TLS refuses in words.
_SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
_REQUEST = b"HEAD / HTTP/1.0\r\n\r\n"
_TLS = 443
_LOOPBACK = "127.0.0.1"


def health(target: Located, role: str, one: dict[str, Any]) -> dict[str, JsonValue]:
    """`{status, streak, log, answers, passes}`; status is null where it has no health check.

    `answers` is whether its port does, null where that cannot be asked; where flag and answer
    differ, the health check is run once more, and `passes` is how that ended; null where it did
    not end.
    """
    told = one["State"].get("Health") or {}
    status = told.get("Status")
    answers = _answers(target, role, one)
    passes = None
    doubtful = (status, answers) in (("healthy", False), ("unhealthy", True))
    if doubtful and replica.state_of(one) == "RUNNING":
        # A check that hangs is none that passes.
        with suppress(CouldNotLook), engine_of(target, _PATIENCE) as client:
            passes = run_in(client, one["Id"], _check(one)).code == 0
    log: list[JsonValue] = [
        {"exit": last["ExitCode"], "said": last["Output"].strip()[:_TEXT]}
        for last in (told.get("Log") or ())[-_LINES:]
    ]
    return {
        "status": None if status in (None, "none") else status,
        "streak": told.get("FailingStreak", 0),
        "log": log,
        "answers": answers,
        "passes": passes,
    }


def _check(one: dict[str, Any]) -> list[str]:
    """The health check as the engine itself runs it (moby, daemon/health.go)."""
    kind, *words = map(str, one["Config"]["Healthcheck"]["Test"])
    if kind == "CMD-SHELL":
        return [*map(str, one["Config"].get("Shell") or ("/bin/sh", "-c")), *words]
    return words


def _answers(target: Located, role: str, one: dict[str, Any]) -> bool | None:
    """As asked on its own loopback, so that a bad road says nothing of who is at its end."""
    port = _port(target, role, one)
    if port is None or not target.here or replica.state_of(one) != "RUNNING":
        return None
    if role == "api":
        ask = partial(_is_alive, f"http://localhost:{port}{target.api.routes.live}", port)
    else:
        ask = partial(_speaks, port, _SSL_REQUEST if role == "database" else _REQUEST)
    try:
        return inside(one["State"]["Pid"], ask, 2 * _PATIENCE)
    except NotAdmitted:
        return None


def _port(target: Located, role: str, one: dict[str, Any]) -> int | None:
    if role == "api":
        return host_and_port(target.api.url)[1]
    if role == "database":
        return target.database.port
    exposed = sorted(
        int(name.removesuffix("/tcp"))
        for name in one["NetworkSettings"]["Ports"] or {}
        if name.endswith("/tcp")
    )
    if role == "nginx":
        # What it hands on waits for others; its port of TLS refuses plain HTTP by itself.
        return _TLS if _TLS in exposed else None
    return exposed[0] if exposed else None


def _is_alive(url: str, port: int) -> bool:
    try:
        return get(url, _PATIENCE, (_LOOPBACK, port)).status < _FAILING
    except Silence:
        return False


def _speaks(port: int, greeting: bytes) -> bool:
    try:
        with socket.create_connection((_LOOPBACK, port), _PATIENCE) as wire:
            wire.sendall(greeting)
            return bool(wire.recv(1))
    except OSError:
        return False
