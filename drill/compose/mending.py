"""Making every part of the compose drill good, whatever was done to it."""

from __future__ import annotations

from drill.compose.deployment import SERVICES, Deployment, docker
from drill.compose.health import healthy, inspect
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError


def mend(deployment: Deployment, fault: str | None) -> None:
    """Every part is as it was when the drill came up, from the bottom up."""
    del fault
    for facts in inspect(*filter(None, map(deployment.container, SERVICES))):
        if facts["State"]["Paused"]:
            docker("unpause", facts["Id"])
    deployment.compose("up", "-d", "--remove-orphans")
    if not until(lambda: healthy(deployment), seconds=40, every=0.3):
        raise RunbookError(say("heal.failed", why=say("heal.api_ill")))
