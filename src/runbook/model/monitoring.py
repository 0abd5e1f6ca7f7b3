"""How the system is when it is well, and where an alert begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from runbook.model.base import Frozen, Slug, Text, Texts, like
from runbook.model.people import Within
from runbook.model.process import Commands
from runbook.model.scenario import AlertName, Limit
from runbook.words import say

LabelName = Annotated[str, like(r"^[a-zA-Z_][a-zA-Z0-9_]*$", "instance")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Linear = tuple[Number, Number]
"""`[a, b]`, for a + b * v."""

Site = Annotated[str, like(r"^https?://[^/\s]+(/[^/\s]+)*$", "https://runbook.company.com")]


class Series(Frozen):
    """A time series that follows a value v: it stands at `gauge`, or grows by `each_minute`."""

    series: Text
    gauge: Linear | None = None
    each_minute: Linear | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.gauge is None) == (self.each_minute is None):
            raise ValueError(say("data.gauge_or_each_minute"))
        return self


class Example(Frozen):
    """The time series that make an expression equal v, and the labels of the alert then."""

    labels: dict[LabelName, Text] = Field(default_factory=dict)
    series: tuple[Series, ...] = Field(min_length=1)


class Alert(Frozen):
    """What tells people: its expression in PromQL without a comparison, and where it leads."""

    name: AlertName
    promql: Text
    pending: Within
    scenario: Slug
    severity: str
    example: Example


class Bound(Frozen):
    """A measured quantity, and the side of a value on which it lies."""

    title: Text
    of: Text | None = None
    comparison: Literal["<", "<=", ">", ">="]
    value: Limit
    unit: Literal["%", "ms"]


class Threshold(Bound):
    """Where an alert begins."""

    alert: Alert


class Condition(Frozen):
    """A part of the system that has states instead of a number, and those that are well."""

    title: Text
    healthy: Texts = Field(min_length=1)
    alert: Alert


Watched = Threshold | Condition


class Monitoring(Frozen):
    """What is watched: the goal, the alert, and how an alert is sent."""

    site: Site
    indicators: dict[Slug, Bound] = Field(min_length=1)
    states: dict[Slug, Condition] = Field(min_length=1)
    thresholds: dict[Slug, Threshold] = Field(min_length=1)
    alerts: Commands

    @property
    def watched(self) -> Iterator[tuple[tuple[str, str], Watched]]:
        """Everything that can alert, after its place in the file."""
        for name, threshold in self.thresholds.items():
            yield ("thresholds", name), threshold
        for name, state in self.states.items():
            yield ("states", name), state

    def leading_to(self, scenario: str) -> tuple[Watched, ...]:
        """Whatever alerts and leads to the scenario."""
        return tuple(one for _, one in self.watched if one.alert.scenario == scenario)

    def page_of(self, alert: str) -> str:
        """The address of the alert's page, as it never changes."""
        return f"{self.site}/a/{alert}/"
