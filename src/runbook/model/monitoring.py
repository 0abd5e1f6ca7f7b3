"""How the system is when it is well, and where an alert begins."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from runbook.model.base import Frozen, Slug, Text
from runbook.model.process import Commands
from runbook.model.scenario import Limit


class Bound(Frozen):
    """A measured quantity, and the side of a value on which it lies."""

    title: Text
    of: Text | None = None
    comparison: Literal["<", "<=", ">", ">="]
    value: Limit
    unit: Literal["%", "ms"]


class Condition(Frozen):
    """A part of the system that has states instead of a number, and those that are well."""

    title: Text
    healthy: tuple[Text, ...] = Field(min_length=1)


class Monitoring(Frozen):
    """What is watched: the goal, the alert, and how an alert is sent."""

    indicators: dict[Slug, Bound] = Field(min_length=1)
    states: dict[Slug, Condition] = Field(min_length=1)
    thresholds: dict[Slug, Bound] = Field(min_length=1)
    alerts: Commands
