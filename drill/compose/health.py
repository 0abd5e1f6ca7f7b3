"""The deployment as its callers see it, and as Docker does."""

from __future__ import annotations

from typing import Any

from drill import health
from drill.compose.deployment import SERVICES, Deployment, inspect


def healthy(deployment: Deployment) -> bool:
    """Whether every container runs, the API reads and writes, and users get to it."""
    return all_run(deployment) and health.healthy(deployment)


def all_run(deployment: Deployment) -> bool:
    """Whether every service has a container that runs and is called healthy where it is asked."""
    wanted = [deployment.container(service) for service in SERVICES]
    return all(wanted) and all(_runs(facts["State"]) for facts in inspect(*wanted))


def _runs(state: dict[str, Any]) -> bool:
    called = state.get("Health", {}).get("Status", "healthy")
    return bool(state["Status"] == "running" and called == "healthy")
