"""What the API of a deployment answers, route by route."""

from __future__ import annotations

import time

from prometheus_client.parser import text_string_to_metric_families

from runbook.model import Target
from runbook.model.deployment import Answer
from runbook.model.target import host_and_port
from runbook.probes.compose.located import Located
from runbook.probes.http import Silence, get
from runbook.probes.look import CouldNotLook
from runbook.words import say


def api_address(target: Target) -> str:
    """The URL at which the API of the target is reached from here; raises CouldNotLook."""
    host, port = host_and_port(target.api.url)
    if not (isinstance(target, Located) and target.is_service(host)):
        return target.api.url
    for address, at in target.places(host, port):
        return f"http://{address}:{at}"
    raise CouldNotLook(say("probe.nobody_inside", service=host))


def answer_of(base: str, route: str, limit: float) -> Answer:
    """What the route answers a GET; raises CouldNotLook where nobody answers."""
    begin = time.monotonic()
    try:
        answer = get(base + route, limit)
    except Silence as silence:
        raise CouldNotLook(say("probe.no_answer", url=base + route, detail=silence)) from silence
    body = answer.json()
    return Answer(
        status=answer.status,
        seconds=round(time.monotonic() - begin, 3),
        body=body,
        json_answer=body is not None,
    )


def metrics_of(base: str, route: str, limit: float) -> dict[str, tuple[dict[str, str], ...]]:
    """Every metric of the route with the labels of its series; raises CouldNotLook."""
    try:
        answer = get(base + route, limit)
        families = list(text_string_to_metric_families(answer.text))
    except Silence as silence:
        raise CouldNotLook(say("probe.no_answer", url=base + route, detail=silence)) from silence
    except ValueError as error:
        raise CouldNotLook(say("probe.no_metrics", url=base + route)) from error
    found: dict[str, list[dict[str, str]]] = {}
    for family in families:
        for sample in family.samples:
            found.setdefault(sample.name, []).append(dict(sample.labels))
    return {name: tuple(labels) for name, labels in found.items()}
