"""Asking the Docker engine: every question has a limit, and no answer is a reason, not a crash."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from runbook.model import Target
from runbook.probes.compose import replica
from runbook.probes.compose.tunnel import SSH, tunnel
from runbook.probes.look import CouldNotLook
from runbook.words import say

if TYPE_CHECKING:
    from docker import APIClient

_LABEL = "com.docker.compose"
_HEAD = 8  # bytes before each piece of what a command said, the last four its length
_CONFLICT = 409  # a container that is paused or does not run takes no command


class Ran(NamedTuple):
    """How a command inside a container ended, and what it printed."""

    code: int
    text: str


@contextmanager
def engine_of(target: Target, limit: float) -> Iterator[APIClient]:
    """A client of the engine that runs the target; raises CouldNotLook where it does not answer."""
    # Reading the SDK takes longer than a look, and only who has containers needs it.
    import docker
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    client = None
    host = target.runtime.host or os.environ.get("DOCKER_HOST", "")
    try:
        with tunnel(host, limit) if host.startswith(SSH) else nullcontext(host) as where:
            # As the commands that people type: without a host, this machine's own socket.
            known = {} if where.startswith("unix://") else docker.utils.kwargs_from_env()
            known |= {"base_url": where} if where else {}
            client = docker.APIClient(**known, version="auto", timeout=limit)
            yield client
    except (DockerException, RequestException, OSError) as error:
        raise CouldNotLook(_why(target, error, limit)) from error
    finally:
        if client is not None:
            with suppress(Exception):
                client.close()


def _why(target: Target, error: BaseException, limit: float) -> str:
    """In whose words the engine did not answer: no engine, no permission, or silence."""
    chain: list[object] = [error]
    for one in chain:
        if isinstance(one, BaseException):
            chain += [more for more in (one.__cause__, one.__context__, *one.args) if more]
        if isinstance(one, tuple):
            chain += one
    where = target.runtime.host or os.environ.get("DOCKER_HOST") or "/var/run/docker.sock"
    if any(isinstance(one, PermissionError) for one in chain):
        return say("probe.docker_not_allowed", where=where)
    if any(isinstance(one, TimeoutError) or "timed out" in str(one) for one in chain):
        return say("probe.docker_silent", where=where, limit=f"{limit:g}")
    return say("probe.no_docker", where=where, detail=str(error)[:200])


def inspected(client: APIClient, project: str) -> list[dict[str, Any]]:
    """What the engine knows of every container of the project, running or not.

    They are known by compose's labels, never by their names; what was started by `run` is left out.
    """
    from docker.errors import NotFound

    found = []
    filters = {"label": [f"{_LABEL}.project={project}"]}
    for one in client.containers(all=True, filters=filters):
        if replica.is_oneoff(one["Labels"]):
            continue
        with suppress(NotFound):  # containers come and go
            found.append(client.inspect_container(one["Id"]))
    return found


def run_in(client: APIClient, container: str, argv: list[str]) -> Ran:
    """What a command that only reads said inside the container.

    Raises CouldNotLook where the container takes none: it is paused, or does not run.
    """
    from docker.errors import APIError

    try:
        made = client.exec_create(container, argv, stdout=True, stderr=True)["Id"]
        # Not by the SDK's own exec_start: it reads beside the buffer of the HTTP client, and what
        # a quick command said is lost (docker/docker-py#3332).
        answer = client.post(
            f"{client.base_url}/v{client.api_version}/exec/{made}/start",
            json={"Detach": False, "Tty": False},
            timeout=client.timeout,
        )
        answer.raise_for_status()
        code = client.exec_inspect(made)["ExitCode"]
    except APIError as error:
        if error.status_code == _CONFLICT:
            raise CouldNotLook(say("probe.not_inside", detail=error.explanation)) from error
        raise
    text = said(answer.content).decode("utf-8", errors="replace")
    return Ran(-1 if code is None else int(code), text)


def said(stream: bytes) -> bytes:
    """What a command said, and then what it complained of: which came first between is chance.

    The engine sends both in pieces, each with its kind and its length before it (Docker Engine API,
    "Attach to a container", stream format).
    """
    pieces: dict[int, list[bytes]] = {}
    at = 0
    while at + _HEAD <= len(stream):
        size = int.from_bytes(stream[at + 4 : at + _HEAD], "big")
        pieces.setdefault(stream[at], []).append(stream[at + _HEAD : at + _HEAD + size])
        at += _HEAD + size
    return b"".join(piece for kind in sorted(pieces) for piece in pieces[kind])
