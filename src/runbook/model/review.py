"""Who looks at a thing again, when they last did, and how long that is to be trusted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple

from runbook.model.base import Frozen, Slug
from runbook.model.people import Duration, in_schema, written
from runbook.model.roster import Day

Kind = Literal["page", "scenario", "contact", "vendor", "threshold"]

_PERIOD = r"P[1-9][0-9]*D"


class Review(Frozen):
    """Who answers for a thing, and when they last looked at it as a whole."""

    owner: Slug
    reviewed: Day


Days = Annotated[Duration, written("P90D", _PERIOD), in_schema(_PERIOD)]
"""ISO 8601, in whole days."""


class Periods(Frozen):
    """How long a review is good for, and within which time each scenario is run once for real."""

    page: Days
    scenario: Days
    contact: Days
    vendor: Days
    threshold: Days
    exercise: Days


class Reviews(Frozen):
    """The reviews of all that is no page, by the name it has in its own file."""

    periods: Periods
    contacts: dict[Slug, Review]
    vendors: dict[Slug, Review]
    thresholds: dict[Slug, Review]


class Exercise(NamedTuple):
    """When a thing was last used for real, and the page that proves it, below `records/`."""

    at: datetime
    page: str


class Kept(NamedTuple):
    """One thing with its review; `page` is where it stands on the site.

    It may be trusted to the end of the day `until`: None where it was never reviewed, or must be
    exercised and never was.
    """

    kind: Kind
    name: str
    title: str
    page: str
    review: Review | None
    exercise: Exercise | None
    until: date | None

    def expired(self, today: date) -> bool:
        """Whether it is to be looked at before it is trusted again."""
        return self.until is None or today > self.until
