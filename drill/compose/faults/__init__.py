"""Every fault of the compose drill, and how it is put in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from drill.compose.deployment import Deployment
from drill.compose.disk import is_bounded
from drill.compose.faults import (
    containers,
    database,
    edge,
    elsewhere,
    herrings,
    inner,
    memory,
    provider,
    releases,
)
from drill.compose.faults.means import can_enter
from drill.faults.fault import Fault, read_faults
from drill.faults.sabotage import Sabotage

SABOTAGES: dict[str, Sabotage] = {
    **containers.SABOTAGES,
    **database.SABOTAGES,
    **inner.SABOTAGES,
    **memory.SABOTAGES,
    **releases.SABOTAGES,
    **edge.SABOTAGES,
    **provider.SABOTAGES,
    **herrings.SABOTAGES,
    **elsewhere.SABOTAGES,
}
_THERE: dict[str, Callable[[Deployment], bool]] = {
    "disk": is_bounded,
    "road": lambda deployment: deployment.has_road,
    "root": lambda _: can_enter(),
}


@cache
def faults() -> dict[str, Fault]:
    """All faults of the compose drill by name, in the order of the file."""
    return read_faults("drill.compose")


def available(fault: Fault, deployment: Deployment) -> bool:
    """Whether the fault can be put into this deployment."""
    return fault.needs is None or _THERE[fault.needs](deployment)
