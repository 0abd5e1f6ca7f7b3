"""What the API says of itself."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from contextlib import suppress

from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import host_and_port
from runbook.probes.compose import inside
from runbook.probes.compose.located import Located, NotPublished
from runbook.probes.http import Answer, Silence, get
from runbook.probes.look import KEPT, CouldNotLook, Saw
from runbook.probes.network import NobodyThere, some_places
from runbook.sparing import bare
from runbook.words import say

with bare("prometheus_client"):  # which would also import how to collect and serve metrics
    from prometheus_client.metrics_core import Metric
    from prometheus_client.parser import text_string_to_metric_families

_BETWEEN_SAMPLES = 0.5  # seconds; a pool that is full twice is full, once may be a busy moment
_OK = 200
_BRIEFLY = 1.0  # seconds


def live(target: Target, limit: float) -> Saw:
    """`{url, status, body}`, or `{url, detail, connected}` where nobody answered."""
    url = target.api.url + target.api.routes.live
    try:
        try:
            answer = _get(target, url, limit / 2)
        except Silence as silence:
            if not silence.connected:
                raise
            # Once may be a busy moment; who is asked twice and silent hangs.
            answer = _get(target, url, limit / 2)
    except Silence as silence:
        return _silent(url, silence)
    return {"url": url, "status": answer.status, "body": answer.text[:KEPT]}


def ready(target: Target, limit: float) -> Saw:
    """`{url, status, body, checks}` with the API's own view of what it depends on."""
    url = target.api.url + target.api.routes.ready
    try:
        answer = _get(target, url, limit)
    except Silence as silence:
        return _silent(url, silence)
    saw: Saw = {"url": url, "status": answer.status, "body": answer.text[:KEPT]}
    said = answer.json()
    checks = said.get("checks") if isinstance(said, dict) else None
    return {**saw, "checks": checks} if isinstance(checks, dict) else saw


def metrics(target: Target, limit: float) -> Saw:
    """`{url, samples}`: the connection pools together as `{in_use, maximum, waiting}`.

    There are two samples where the first was full or kept somebody waiting.
    """
    route, pool = target.api.routes.metrics, target.api.pool
    if route is None or pool is None:
        raise CouldNotLook(say("probe.no_pool_metrics", target=target.title))
    url = target.api.url + route
    names = {"in_use": pool.in_use, "maximum": pool.maximum, "waiting": pool.waiting}
    samples: list[JsonValue] = []
    while True:
        answer = _answer(target, url, limit)
        lines = answer.text.splitlines(keepends=True)
        told = "".join(line for line in lines if any(name in line for name in names.values()))
        families = list(text_string_to_metric_families(told))
        pools = {key: _gauge(families, name, url) for key, name in names.items()}
        samples.append({**pools})
        full = pools["in_use"] >= pools["maximum"] or pools["waiting"] > 0
        if not full or len(samples) == 2:
            return {"url": url, "samples": samples}
        time.sleep(_BETWEEN_SAMPLES)


def ai_cost(target: Target, limit: float) -> Saw:
    """`{url, used, budget, provider}`, in its own currency; null for what it does not name."""
    route, fields = target.api.routes.ai_cost, target.api.cost
    if route is None or fields is None:
        raise CouldNotLook(say("probe.no_cost", target=target.title))
    url = target.api.url + route
    answer = _answer(target, url, limit)
    said = answer.json()
    known = said if isinstance(said, dict) else {}
    numbers = [known.get(name) for name in (fields.used, fields.budget)]
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in numbers):
        raise CouldNotLook(say("probe.odd_cost", url=url, names=f"{fields.used}, {fields.budget}"))
    provider = known.get("provider")
    named = provider if isinstance(provider, str) else None
    return {"url": url, "used": numbers[0], "budget": numbers[1], "provider": named}


def _answer(target: Target, url: str, limit: float) -> Answer:
    """The answer of a route that has nothing to tell otherwise; raises CouldNotLook."""
    try:
        answer = _get(target, url, limit)
    except Silence as silence:
        raise CouldNotLook(say("probe.no_answer", url=url, detail=silence)) from silence
    if answer.status != _OK:
        raise CouldNotLook(say("probe.bad_status", url=url, status=answer.status))
    return answer


def _get(target: Target, url: str, limit: float) -> Answer:
    """The answer of the API, or of the first of its containers; raises Silence."""
    if not (isinstance(target, Located) and target.is_service(host_and_port(url)[0])):
        return get(url, limit)
    try:
        places = some_places(target, *host_and_port(url), limit)
    except NobodyThere as nobody:
        raise Silence(str(nobody), connected=False) from nobody
    except NotPublished:
        return inside.answer(target, url, limit)
    return get(url, limit, _one_that_answers(target, places))


def _one_that_answers(target: Target, places: list[tuple[str, int]]) -> tuple[str, int]:
    """The first of several containers that is alive, else the first: users are led to any."""
    for at in places if len(places) > 1 else ():
        with suppress(Silence, CouldNotLook):
            get(target.api.url + target.api.routes.live, _BRIEFLY, at)
            return at
    return places[0]


def _silent(url: str, silence: Silence) -> Saw:
    return {"url": url, "detail": str(silence), "connected": silence.connected}


def _gauge(families: Iterable[Metric], name: str, url: str) -> float:
    """The gauge summed over its labels: an API of several processes has as many pools."""
    values = [
        sample.value for family in families for sample in family.samples if sample.name == name
    ]
    if not values:
        raise CouldNotLook(say("probe.no_metric", name=name, url=url))
    total = sum(values)
    if not math.isfinite(total):
        raise CouldNotLook(say("probe.odd_metric", name=name, url=url, value=total))
    return total
