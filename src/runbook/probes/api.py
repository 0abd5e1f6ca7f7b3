"""What the API says of itself."""

from __future__ import annotations

import time
from collections.abc import Iterable

import httpx
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from pydantic import JsonValue

from runbook.model import Target
from runbook.probes.look import TEXT_LIMIT, CouldNotLook, Saw
from runbook.words import say

_BETWEEN_SAMPLES = 0.5  # seconds; a pool that is full twice is full, once may be a busy moment


def live(target: Target, limit: float) -> Saw:
    """`{url, status, body}`, or `{url, detail}` where nobody answered."""
    return _get(target, target.api.routes.live, limit)


def ready(target: Target, limit: float) -> Saw:
    """`{url, status, body, checks}` with the API's own view of what it depends on."""
    url = target.api.url + target.api.routes.ready
    try:
        response = _client(limit).get(url)
    except httpx.TransportError as error:
        return {"url": url, "detail": _detail(error)}
    saw: Saw = {"url": url, "status": response.status_code, "body": response.text[:TEXT_LIMIT]}
    try:
        answer = response.json()
    except ValueError:
        return saw
    checks = answer.get("checks") if isinstance(answer, dict) else None
    return {**saw, "checks": checks} if isinstance(checks, dict) else saw


def metrics(target: Target, limit: float) -> Saw:
    """`{url, samples}`: the connection pool twice, as `{in_use, maximum, waiting}`."""
    route, pool = target.api.routes.metrics, target.api.pool
    if route is None or pool is None:
        raise CouldNotLook(say("probe.no_pool_metrics", target=target.title))
    url = target.api.url + route
    names = {"in_use": pool.in_use, "maximum": pool.maximum, "waiting": pool.waiting}
    samples: list[JsonValue] = []
    with _client(limit) as client:
        for pause in (0.0, _BETWEEN_SAMPLES):
            time.sleep(pause)
            try:
                response = client.get(url)
            except httpx.TransportError as error:
                raise CouldNotLook(
                    say("probe.no_answer", url=url, detail=_detail(error))
                ) from error
            if response.status_code != httpx.codes.OK:
                raise CouldNotLook(say("probe.bad_status", url=url, status=response.status_code))
            families = list(text_string_to_metric_families(response.text))
            samples.append({key: _gauge(families, name, url) for key, name in names.items()})
    return {"url": url, "samples": samples}


def _get(target: Target, route: str, limit: float) -> Saw:
    url = target.api.url + route
    try:
        response = _client(limit).get(url)
    except httpx.TransportError as error:
        return {"url": url, "detail": _detail(error)}
    return {"url": url, "status": response.status_code, "body": response.text[:TEXT_LIMIT]}


def _client(limit: float) -> httpx.Client:
    # The environment's proxy must not stand between the runbook and what it looks at.
    return httpx.Client(timeout=limit, trust_env=False)


def _detail(error: httpx.TransportError) -> str:
    return f"{type(error).__name__}: {error}"


def _gauge(families: Iterable[Metric], name: str, url: str) -> float:
    for family in families:
        for sample in family.samples:
            if sample.name == name:
                return sample.value
    raise CouldNotLook(say("probe.no_metric", name=name, url=url))
