"""What the API answers at the routes that are claimed, and where else it might."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from runbook.drift.look.seen import LIMIT, Seen
from runbook.drift.scripts import routes_in
from runbook.model import Target
from runbook.model.deployment import Answer, Container, Deployment
from runbook.probes.deployment import answers
from runbook.probes.look import CouldNotLook

_URL = re.compile(r"https?://[^\s'\"|;)]+")
_PREFIXES = ("/health", "/api", "/api/v1", "/v1", "/monitoring")
_HERE = ("localhost", "127.0.0.1", "::1")
_NO_ROUTE = 404


def routes(found: Target, claimed: Iterable[str], so_far: Deployment) -> Seen:
    """What the claimed routes answer, those the deployment's own files ask, and those nearby."""
    told = _routes_told(so_far)
    base = answers.api_address(found)
    known: dict[str, Answer] = {}
    for key in dict.fromkeys(claimed):
        here, slash, path = key.partition("/")
        published = here and any(_is_published(one, here) for one in so_far.containers)
        at = f"http://{here.replace('localhost', '127.0.0.1')}" if published else base
        known[key] = answers.answer_of(at, slash + path, LIMIT)
    for path in (key for key in list(known) if key.startswith("/")):
        if known[path].status == _NO_ROUTE:
            for other in _candidates(path, told):
                _ask(base, other, known)
    for path in told:
        _ask(base, path, known)
    tested = {one.service: answer for one in so_far.containers for answer in _tested(one)}
    return {"routes": known, "tested": tested}


def _ask(base: str, path: str, known: dict[str, Answer]) -> None:
    """One more route that nobody claimed; that it is silent says nothing."""
    if path not in known:
        with suppress(CouldNotLook):
            known[path] = answers.answer_of(base, path, LIMIT)


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
                yield answers.answer_of(base, parts.path or "/", LIMIT)


def with_metrics(found: Target, seen: Seen) -> Seen:
    """After readiness was asked: only then the API tells how its dependencies are."""
    route = found.api.routes.metrics
    if route is None or "api" in seen["unseen"]:
        return seen
    try:
        base = answers.api_address(found)
        return {**seen, "metrics": answers.metrics_of(base, route, LIMIT)}
    except CouldNotLook as reason:
        return {**seen, "unseen": {**seen["unseen"], "metrics": str(reason)}}
