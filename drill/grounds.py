"""What a drill can stand on: processes of this machine, or containers of docker-compose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drill import addresses, faults, health, mending, up
from drill.compose import faults as compose_faults
from drill.compose import health as compose_health
from drill.compose import mending as compose_mending
from drill.compose import up as compose_up
from drill.faults.fault import Fault
from drill.faults.sabotage import Sabotage
from drill.place import Place
from drill.words import say
from runbook.errors import BadInput


@dataclass(frozen=True)
class Ground:
    """One kind of drill: which target it is to the runbook, and what can be done with it."""

    name: str
    target: str
    up: Callable[[Place, Callable[[str], None]], Any]
    down: Callable[[Place], bool]
    find: Callable[[Place], Any]
    home: Callable[[Any], Place]
    """The place that a running drill was brought up in."""

    healthy: Callable[[Any], bool]
    addresses: Callable[[Any], list[str]]
    faults: Callable[[], dict[str, Fault]]
    available: Callable[[Fault, Any], bool]
    sabotages: Mapping[str, Sabotage]
    mend: Callable[[Any, str | None], None]
    logs: Callable[[Any], Path]
    """Where everything that was printed until now can be read, also when it has been healed."""

    patience: float
    """How many seconds a drill that was just healed may take to look healthy."""

    holds_within: float
    """How many seconds a fault may take until it is seen from outside."""


EMBEDDED = Ground(
    name="embedded",
    target="drill",
    up=up.up,
    down=up.down,
    find=up.find,
    home=lambda drill: drill.place,
    healthy=health.healthy,
    addresses=addresses.embedded,
    faults=faults.faults,
    available=faults.available,
    sabotages=faults.SABOTAGES,
    mend=mending.mend,
    logs=lambda drill: drill.place.logs,
    patience=3,
    holds_within=20,
)
COMPOSE = Ground(
    name="compose",
    target="drill-compose",
    up=compose_up.up,
    down=compose_up.down,
    find=compose_up.find,
    home=lambda deployment: Place(deployment.folder.parent),
    healthy=compose_health.healthy,
    addresses=addresses.compose,
    faults=compose_faults.faults,
    available=compose_faults.available,
    sabotages=compose_faults.SABOTAGES,
    mend=compose_mending.mend,
    logs=compose_mending.keep_logs,
    patience=20,
    holds_within=60,
)
GROUNDS = {ground.name: ground for ground in (EMBEDDED, COMPOSE)}


def standing(ground: Ground, place: Place) -> Any:
    """The running drill of this place."""
    drill = ground.find(place)
    if drill is None:
        raise BadInput(say("up.not_up", folder=place.folder))
    return drill
