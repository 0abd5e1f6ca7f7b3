"""Every fault of the compose drill, and how it is put in."""

from __future__ import annotations

from functools import cache

from drill.compose.deployment import Deployment
from drill.compose.faults import containers
from drill.faults.fault import Fault, read_faults
from drill.faults.sabotage import Sabotage

SABOTAGES: dict[str, Sabotage] = {**containers.SABOTAGES}


@cache
def faults() -> dict[str, Fault]:
    """All faults of the compose drill by name, in the order of the file."""
    return read_faults("drill.compose")


def available(fault: Fault, deployment: Deployment) -> bool:
    """Whether the fault can be put into this deployment."""
    del deployment
    return fault.needs is None
