"""What runs beside what the compose file says: what was changed and not put into effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from runbook.drift.found import Found, found
from runbook.model import Target
from runbook.model.deployment import Container, Deployment, Published, Shape
from runbook.model.drift import Claim
from runbook.words import listed, say

_URL = re.compile(r"https?://[^\s'\"|;)]+")
_MEGA = 1 << 20
_NO_ROUTE = (404, 410)
_RUNNING = "running"


def container_drifts(
    claims: Iterable[Claim], seen: Deployment, target: Target
) -> Iterator[tuple[Claim, Found]]:
    """What is wrong with the services' containers, each with the line that names the service."""
    named: dict[str, Claim] = {}
    runtime: Claim | None = None
    for claim in claims:
        if claim.kind == "service":
            named.setdefault(claim.name, claim)
        if claim.kind == "compose" and runtime is None:
            runtime = claim
    for name, claim in named.items():
        for one in _of_service(name, seen, target):
            yield claim, one
    if runtime is not None:
        if seen.started_in:
            own = target.runtime.directory
            yield runtime, found("started_elsewhere", directory=own, folder=seen.started_in)
        for found_one in _others(named, seen):
            yield runtime, found_one


def _of_service(name: str, seen: Deployment, target: Target) -> Iterator[Found]:
    service, own = seen.services.get(name), seen.of(name)
    if service is not None and not own and not service.optional:
        yield found("no_container", service=name)
    for one in own:
        if one.state != _RUNNING:
            yield found("not_running", container=one.name, state=one.state)
        if one.image_now not in (None, one.image_id):
            yield found("tag_moved", container=one.name, image=one.shape.image)
        if service is not None:
            yield from _otherwise(one, service.shape)
            wanted = service.container_name
            if wanted and wanted != one.name:
                yield _not_applied(one, "container_name", wanted, one.name)
            elif not wanted and not _is_named(one, target):
                yield found("renamed", container=one.name, service=name)
        yield from _health(one, seen, target)
    if service is not None and service.shape.restart == "no":
        yield found("no_restart_policy", service=name)


def _others(named: Iterable[str], seen: Deployment) -> Iterator[Found]:
    for one in seen.containers:
        if seen.services and one.service not in seen.services:
            yield found("orphan", container=one.name, service=one.service)
        elif one.service not in named and one.state == _RUNNING and one.service in seen.services:
            yield from _otherwise(one, seen.services[one.service].shape)


def _otherwise(one: Container, wanted: Shape) -> Iterator[Found]:
    """Where the container is not as the file has it, field by field."""
    live = one.shape
    if wanted.image and wanted.image != live.image:
        yield _not_applied(one, "image", wanted.image, live.image)
    for field, told in _FIELDS.items():
        was, now = getattr(live, field), getattr(wanted, field)
        if was != now:
            yield _not_applied(one, field, told(now), told(was))
    for name in sorted({*live.settings, *wanted.settings}):
        was, now = live.settings.get(name), wanted.settings.get(name)
        if was != now:
            yield _not_applied(one, name, _text(now), _text(was))
    changed = sorted(
        name
        for name in {*live.environment, *wanted.environment}
        if live.environment.get(name) != wanted.environment.get(name)
        and not (name in wanted.environment and wanted.environment[name] is None)
    )
    if changed:
        yield found("not_applied-environment", container=one.name, names=listed(changed))
    yield from _wires(one, wanted)


def _wires(one: Container, wanted: Shape) -> Iterator[Found]:
    if not wanted.networks:
        return
    missing = sorted(wanted.networks.keys() - one.shape.networks.keys())
    more = sorted(one.shape.networks.keys() - wanted.networks.keys())
    if missing:
        yield found("not_in_network", container=one.name, networks=listed(missing))
    if more:
        yield found("in_another_network", container=one.name, networks=listed(more))
    for network, aliases in wanted.networks.items():
        if network in one.shape.networks:
            known = one.shape.networks[network]
            lost = sorted({*aliases, one.service} - {*known})
            if lost and one.state == _RUNNING:
                yield found("no_alias", container=one.name, names=listed(lost))


def _health(one: Container, seen: Deployment, target: Target) -> Iterator[Found]:
    """What the flag of the container is worth."""
    urls = _URL.findall(" ".join(one.shape.health or ()))
    route = urlsplit(urls[0]).path if urls else ""
    answer = seen.tested.get(one.service)
    if answer is not None and answer.status in _NO_ROUTE:
        yield found("health_route", service=one.service, route=route, status=answer.status)
    elif one.health == "unhealthy" and _answers_well(one, seen, target):
        yield found("health_lies", container=one.name, said=one.said or say("check.no_message"))
    elif one.health == "unhealthy":
        yield found("unhealthy", container=one.name, said=one.said or say("check.no_message"))
    checks = answer.body.get("checks") if answer and isinstance(answer.body, dict) else None
    if isinstance(checks, dict) and any(name.lower().startswith("ai") for name in checks):
        yield found("health_asks_ai", service=one.service, route=route)


def _answers_well(one: Container, seen: Deployment, target: Target) -> bool:
    live = seen.routes.get(target.api.routes.live)
    is_api = one.service == target.services.api
    return one.state == _RUNNING and is_api and live is not None and live.status == 200


def _is_named(one: Container, target: Target) -> bool:
    project = re.escape(str(target.runtime.project))
    return bool(re.fullmatch(f"{project}[_-]{re.escape(one.service)}[_-]{one.number}", one.name))


def _not_applied(one: Container, field: str, wanted: str, live: str) -> Found:
    what = say(f"drift_field.{field}")
    return found("not_applied", container=one.name, field=what, wanted=wanted, live=live)


def _size(limit: object) -> str:
    return say("drift.no_limit") if limit is None else f"{int(str(limit)) / _MEGA:g} MB"


def _words(words: object) -> str:
    return " ".join(words) if isinstance(words, tuple) else say("drift.by_image")


def _ports(ports: object) -> str:
    told = [_port(one) for one in ports] if isinstance(ports, tuple) else []
    return listed(sorted(told)) or say("drift.nothing")


def _port(one: Published) -> str:
    return f"{one.address + ':' if one.address else ''}{one.port}→{one.inside}"


def _listed(items: object) -> str:
    return listed(items) if isinstance(items, tuple) and items else say("drift.nothing")


def _text(value: object) -> str:
    return say("drift.by_image") if value is None else str(value)


_FIELDS: dict[str, Callable[[object], str]] = {
    "limit": _size,
    "cpus": _text,
    "published": _ports,
    "restart": _text,
    "health": _words,
    "command": _words,
    "entrypoint": _words,
    "mounts": _listed,
    "user": _text,
    "stop_signal": _text,
}
"""What must be the same in the file and in the container, and how it is told."""
