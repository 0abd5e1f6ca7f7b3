"""The containers, their images, and what is asked inside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from runbook.drift.look.seen import LIMIT, Seen
from runbook.drift.shapes import container_of
from runbook.drift.tags import references
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim
from runbook.probes.compose.engine import engine_of
from runbook.probes.compose.located import Located
from runbook.probes.deployment import containers
from runbook.probes.look import CouldNotLook
from runbook.words import say

_WORKING_DIR = "com.docker.compose.project.working_dir"
_KNOCK = 2.0  # seconds


def boxes(target: Target, found: Target) -> Seen:
    """Every container of the project, without what its image brings along."""
    raw: Any = found.containers if isinstance(found, Located) else ()
    if isinstance(found, Located) and found.untold is not None:
        raise CouldNotLook(found.untold)
    if not raw:
        raise CouldNotLook(say("probe.no_such_project", project=target.runtime.project))
    with engine_of(target, LIMIT) as client:
        names = {one["Image"] for one in raw} | {one["Config"]["Image"] for one in raw}
        known = containers.images_of(client, sorted(names))
    return {
        "containers": tuple(container_of(one, known) for one in raw),
        "started_in": _started_in(raw, target),
    }


def _started_in(raw: Iterable[dict[str, Any]], target: Target) -> str | None:
    """The folder the containers were started in, where it is not the target's."""
    labels = [one["Config"].get("Labels") or {} for one in raw]
    told = {str(one[_WORKING_DIR]) for one in labels if _WORKING_DIR in one}
    own = target.runtime.directory
    if not own or not told or Path(own).resolve() in {Path(one).resolve() for one in told}:
        return None
    return sorted(told)[0]


def images(target: Target, so_far: Deployment, named: list[str]) -> Seen:
    """Which of the images that the tags stand for are on the machine."""
    wanted = [one for name in named for one in references(name, target, so_far)]
    with engine_of(target, LIMIT) as client:
        known = containers.images_of(client, wanted)
    return {"images": {one: one in known for one in wanted}}


def inside(found: Target, claims: Collection[Claim]) -> Seen:
    """What listens, on the host and in the containers, and which programs there are."""
    if not isinstance(found, Located):
        return {}
    listens, programs, ports = {}, {}, {}
    for one in claims:
        with suppress(CouldNotLook):
            if one.kind == "listener":
                port = int(one.name)
                listens[f"{one.of}:{port}"] = containers.listens(found, one.of, port, _KNOCK)
            if one.kind == "program" and f"{one.of} {one.name}" not in programs:
                with engine_of(found, LIMIT) as client:
                    has = containers.has_program(client, found, one.of, one.name)
                programs[f"{one.of} {one.name}"] = has
            if one.kind == "port" and found.here and one.name not in ports:
                ports[one.name] = containers.accepts(int(one.name), _KNOCK)
    return {"listens": listens, "programs": programs, "ports": ports}
