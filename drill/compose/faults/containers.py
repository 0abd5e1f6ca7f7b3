"""Containers stopped, paused, killed or gone."""

from __future__ import annotations

from collections.abc import Callable

from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.faults.sabotage import Sabotage
from drill.health import answers, complains


def _do(verb: str, service: str) -> Callable[[Deployment], None]:
    def inject(deployment: Deployment) -> None:
        docker(verb, deployment.container(service))

    return inject


def _silent(deployment: Deployment) -> bool:
    return not answers(deployment)


SABOTAGES = {
    "database-stopped": Sabotage(
        _do("stop", "postgres"), lambda deployment: complains(deployment, "")
    ),
    "database-paused": Sabotage(
        _do("pause", "postgres"), lambda deployment: complains(deployment, "")
    ),
    "edge-paused": Sabotage(_do("pause", "nginx"), _silent),
}
