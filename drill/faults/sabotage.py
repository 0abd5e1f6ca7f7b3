"""What every way of breaking the drill is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drill import supervision
from drill.parts import SABOTEUR
from drill.place import Drill, write_json


@dataclass(frozen=True)
class Sabotage:
    """How a fault is put into the drill given, and how to see from outside that it holds."""

    inject: Callable[[Any], None]
    holds: Callable[[Any], bool]
    needs_api_restart: bool = False
    """The API would not recover by itself once the cause is gone."""


def send_saboteur(drill: Drill, act: str, **how: object) -> None:
    """The saboteur is at it."""
    write_json(drill.sabotage_file, {"act": act, **how})
    supervision.restart(drill, SABOTEUR)
