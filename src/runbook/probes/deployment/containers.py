"""The containers of a deployment and their images, and what can be asked inside and of them."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from runbook.probes.compose import replica
from runbook.probes.compose.engine import run_in
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook
from runbook.words import say

if TYPE_CHECKING:
    from docker import APIClient

_NOT_THERE = (126, 127)  # how a shell and the runtime say that there is no such program


def images_of(client: APIClient, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the engine knows of each image, by the name asked for; those it has not are left out."""
    from docker.errors import DockerException

    found = {}
    for name in dict.fromkeys(names):
        with suppress(DockerException):
            found[name] = dict(client.inspect_image(name))
    return found


def has_program(client: APIClient, target: Located, service: str, program: str) -> bool:
    """Whether a running container of the service has the program; raises CouldNotLook."""
    for one in filter(replica.runs, target.of(service)):
        ran = run_in(client, one["Id"], [program, "--version"])
        return ran.code not in _NOT_THERE
    raise CouldNotLook(say("probe.nobody_inside", service=service))


def listens(target: Located, service: str, port: int, limit: float) -> bool:
    """Whether the service accepts a connection at the port; raises CouldNotLook."""
    places = target.places(service, port)
    if not places:
        raise CouldNotLook(say("probe.nobody_inside", service=service))
    for place in places:
        with suppress(OSError), socket.create_connection(place, timeout=limit):
            return True
    return False


def accepts(port: int, limit: float) -> bool:
    """Whether somebody listens at the port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=limit):
        return True
    return False
