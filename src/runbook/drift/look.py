"""Looking at a deployment for what is claimed of it: side by side, and nothing is changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from runbook.catalog.strict_yaml import parsed
from runbook.drift.scripts import routes_in
from runbook.drift.shapes import container_of, service_of
from runbook.drift.tags import references
from runbook.model import Target
from runbook.model.deployment import Answer, Container, Deployment, Service
from runbook.model.drift import Claim, ClaimKind
from runbook.probes.compose.engine import engine_of
from runbook.probes.compose.located import Located, located
from runbook.probes.deployment import answers, containers, database, folder
from runbook.probes.deployment.compose_file import Refused, compose, folder_of
from runbook.probes.look import CouldNotLook
from runbook.probes.supervisor import supervisor_of
from runbook.words import say

_LIMIT = 10.0  # seconds for one look
_COMPOSE_LIMIT = 45.0  # seconds; the old compose takes one, and ten on a machine that is busy
_URL = re.compile(r"https?://[^\s'\"|;)]+")
_PREFIXES = ("/health", "/api", "/api/v1", "/v1", "/monitoring")
_HERE = ("localhost", "127.0.0.1", "::1")
_NO_ROUTE = 404

_WORKING_DIR = "com.docker.compose.project.working_dir"

Seen = dict[str, Any]
Look = Callable[[], Seen]


def look(target: Target, claims: Collection[Claim]) -> Deployment:
    """What there is of everything that is claimed; what could not be looked at says why not."""
    named = _named(claims)
    if target.runtime.kind == "supervisor":
        seen = _together(
            {
                "engine": lambda: _processes(target),
                "api": lambda: _answers(target, named, (), Deployment()),
                "database": lambda: _database(target),
                "folder": lambda: {"there": _absolute(named["file"])},
            }
        )
        return Deployment(**_with_metrics(target, seen))
    found = located(target, _LIMIT)
    first = _together(
        {
            "file": lambda: _compose_file(target),
            "project": lambda: _project(target, found),
            "changes": lambda: _changes(target, _variables(claims)),
            "help": lambda: _helps(target, {one.of for one in claims if one.kind == "option"}),
            "engine": lambda: _containers(target, found),
            "folder": lambda: _folder(target, named),
        }
    )
    so_far = Deployment(**first)
    second = _together(
        {
            "images": lambda: _images(target, so_far, named["image"]),
            "inside": lambda: _inside(found, claims),
            "api": lambda: _answers(found, named, _routes_told(so_far), so_far),
            "database": lambda: _database(found),
        }
    )
    unseen = {**first["unseen"], **second["unseen"]}
    return Deployment(**_with_metrics(found, {**first, **second, "unseen": unseen}))


def _together(looks: dict[str, Look]) -> Seen:
    """Everything that was seen, and of what was not, why."""
    seen: Seen = {"unseen": {}}
    with ThreadPoolExecutor(len(looks)) as pool:
        for name, looking in {name: pool.submit(one) for name, one in looks.items()}.items():
            try:
                seen.update(looking.result())
            except CouldNotLook as reason:
                seen["unseen"][name] = str(reason)
    return seen


def _named(claims: Iterable[Claim]) -> dict[ClaimKind, list[str]]:
    named: dict[ClaimKind, list[str]] = defaultdict(list)
    for one in claims:
        named[one.kind].append(f"{one.of}{one.name}" if one.kind == "route" else one.name)
    return named


def _compose_file(target: Target) -> Seen:
    if not any((folder_of(target) / name).is_file() for name in _FILES):
        return {"refused": say("drift_found.no_compose_file"), "services": {}}
    try:
        return {"services": _services(compose(target, "config", limit=_COMPOSE_LIMIT), target)}
    except Refused as refusal:
        return {"refused": str(refusal)[-300:], "services": {}}


_FILES = ("docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml")


def _services(text: str, target: Target) -> dict[str, Service]:
    whole = parsed(text, "docker-compose.yml").value or {}
    project = str(target.runtime.project or whole.get("name") or "")
    networks = whole.get("networks") or {}
    return {
        name: service_of(raw or {}, project, networks)
        for name, raw in (whole.get("services") or {}).items()
    }


def _project(target: Target, found: Target) -> Seen:
    """Whether what people type in the folder speaks of the containers of the target."""
    try:
        listed = set(compose(target, "ps", "-q", limit=_COMPOSE_LIMIT).split())
    except Refused:
        return {}
    live = {str(one["Id"]) for one in found.containers} if isinstance(found, Located) else set()
    return {"other_project": bool(live or listed) and not live & listed}


def _variables(claims: Iterable[Claim]) -> dict[str, str]:
    values = {one.name: "" for one in claims if one.kind == "variable"}
    for one in claims:
        if one.kind == "variable" and one.of and " " not in one.of:
            values[one.name] = one.of
    return values


def _changes(target: Target, variables: dict[str, str]) -> Seen:
    """The services that are another once the variable is exported.

    All are exported at once, each with a value that nothing else has; where the file does not take
    such values, one after the other.
    """
    if not variables:
        return {}
    marks = {name: f"exported-{number}-" for number, name in enumerate(variables)}
    try:
        told = _services(_asked(target, marks), target)
        return {"changes": {name: _marked(told, mark) for name, mark in marks.items()}}
    except Refused:
        return {"changes": dict(_one_by_one(target, variables))}


def _marked(services: dict[str, Service], mark: str) -> tuple[str, ...]:
    return tuple(name for name, one in services.items() if mark in one.model_dump_json())


def _one_by_one(target: Target, variables: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in variables.items():
        with suppress(Refused):
            one, other = (
                _services(_asked(target, {name: said}), target)
                for said in (value or "1", f"{value or '1'}0")
            )
            yield name, tuple(service for service in one if one[service] != other.get(service))


def _asked(target: Target, environment: dict[str, str]) -> str:
    return compose(target, "config", limit=_COMPOSE_LIMIT, environment=environment)


def _helps(target: Target, verbs: Iterable[str]) -> Seen:
    helps = {}
    for verb in sorted(verbs):
        with suppress(Refused):
            helps[verb] = compose(target, verb, "--help", limit=_COMPOSE_LIMIT)
    return {"helps": helps}


def _containers(target: Target, found: Target) -> Seen:
    raw: Any = found.containers if isinstance(found, Located) else ()
    if isinstance(found, Located) and found.untold is not None:
        raise CouldNotLook(found.untold)
    if not raw:
        raise CouldNotLook(say("probe.no_such_project", project=target.runtime.project))
    with engine_of(target, _LIMIT) as client:
        names = {one["Image"] for one in raw} | {one["Config"]["Image"] for one in raw}
        images = containers.images_of(client, sorted(names))
    return {
        "containers": tuple(container_of(one, images) for one in raw),
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


def _folder(target: Target, named: dict[ClaimKind, list[str]]) -> Seen:
    at = folder_of(target)
    scripts = {name: folder.script_at(at, name) for name in dict.fromkeys(named["script"])}
    return {
        "files": folder.files_in(at),
        "scripts": scripts,
        "there": _absolute(named["file"]),
    }


def _absolute(names: Iterable[str]) -> dict[str, bool]:
    there = {}
    for name in names:
        if name.startswith("/"):
            with suppress(OSError):
                there[name] = Path(name).exists()
    return there


def _images(target: Target, so_far: Deployment, named: list[str]) -> Seen:
    wanted = [one for name in named for one in references(name, target, so_far)]
    with engine_of(target, _LIMIT) as client:
        known = containers.images_of(client, wanted)
    return {"images": {one: one in known for one in wanted}}


def _inside(found: Target, claims: Collection[Claim]) -> Seen:
    if not isinstance(found, Located):
        return {}
    listens, programs, ports = {}, {}, {}
    for one in claims:
        with suppress(CouldNotLook):
            if one.kind == "listener":
                port = int(one.name)
                listens[f"{one.of}:{port}"] = containers.listens(found, one.of, port, 2.0)
            if one.kind == "program" and f"{one.of} {one.name}" not in programs:
                with engine_of(found, _LIMIT) as client:
                    has = containers.has_program(client, found, one.of, one.name)
                programs[f"{one.of} {one.name}"] = has
            if one.kind == "port" and found.here and one.name not in ports:
                ports[one.name] = containers.accepts(int(one.name), 2.0)
    return {"listens": listens, "programs": programs, "ports": ports}


def _answers(
    found: Target, named: dict[ClaimKind, list[str]], told: Iterable[str], so_far: Deployment
) -> Seen:
    base = answers.api_address(found)
    routes: dict[str, Answer] = {}
    for key in dict.fromkeys(named["route"]):
        here, slash, path = key.partition("/")
        published = here and any(_is_published(one, here) for one in so_far.containers)
        at = f"http://{here.replace('localhost', '127.0.0.1')}" if published else base
        routes[key] = answers.answer_of(at, slash + path, _LIMIT)
    for path in (key for key in list(routes) if key.startswith("/")):
        if routes[path].status == _NO_ROUTE:
            for other in _candidates(path, told):
                _ask(base, other, routes)
    for path in told:
        _ask(base, path, routes)
    tested = {one.service: answer for one in so_far.containers for answer in _tested(one)}
    return {"routes": routes, "tested": tested}


def _ask(base: str, path: str, routes: dict[str, Answer]) -> None:
    """One more route that nobody claimed; that it is silent says nothing."""
    if path not in routes:
        with suppress(CouldNotLook):
            routes[path] = answers.answer_of(base, path, _LIMIT)


def _is_published(container: Container, here: str) -> bool:
    port = here.rpartition(":")[2]
    up = container.state == "running"
    return up and any(str(one.port) == port for one in container.shape.published)


def _candidates(path: str, told: Iterable[str]) -> tuple[str, ...]:
    last = path.rsplit("/", 1)[-1]
    own = [one for one in told if last in one.split("/") or last.rstrip("z") in one.split("/")]
    return tuple(dict.fromkeys([*own, *(prefix + path for prefix in _PREFIXES)]))


def _routes_told(so_far: Deployment) -> tuple[str, ...]:
    """The routes that the deployment's own scripts and health checks ask."""
    told = [route for one in so_far.scripts.values() if one for route in routes_in(one.text)]
    for service in so_far.services.values():
        for url in _URL.findall(" ".join(service.shape.health or ())):
            told.append(urlsplit(url).path)
    return tuple(dict.fromkeys(route for route in told if route.strip("/")))


def _tested(container: Container) -> Iterator[Answer]:
    """What the route of the container's own health check answers, if it is seen from here."""
    if container.state != "running" or not container.address:
        return
    for url in _URL.findall(" ".join(container.shape.health or ()))[:1]:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname in _HERE:
            with suppress(CouldNotLook, ValueError):
                base = f"http://{container.address}:{parts.port or 80}"
                yield answers.answer_of(base, parts.path or "/", _LIMIT)


def _with_metrics(found: Target, seen: Seen) -> Seen:
    """After readiness was asked: only then the API tells how its dependencies are."""
    route = found.api.routes.metrics
    if route is None or "api" in seen["unseen"]:
        return seen
    try:
        base = answers.api_address(found)
        return {**seen, "metrics": answers.metrics_of(base, route, _LIMIT)}
    except CouldNotLook as reason:
        return {**seen, "unseen": {**seen["unseen"], "metrics": str(reason)}}


def _database(found: Target) -> Seen:
    known = database.known_to(found, 3.0)
    return {
        "session": known.refusal,
        "databases": known.databases,
        "roles": known.roles,
        "sees_all": known.sees_all,
    }


def _processes(target: Target) -> Seen:
    with supervisor_of(target, _LIMIT) as supervisor:
        every: Any = supervisor.all()
    return {"processes": {str(one["name"]): str(one["statename"]) for one in every}}
