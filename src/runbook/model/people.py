"""Who to call, when, and how badly."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from runbook.model.base import Frozen, Slug, Text
from runbook.words import say

Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9][0-9-]{6,}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Handle = Annotated[str, StringConstraints(pattern=r"^@[\w.-]+$")]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(say("data.zone"))
    return name


def _written(example: str) -> BeforeValidator:
    """Only text: a bare 10 would be read as ten seconds, or ten seconds past midnight."""

    def text(value: object) -> object:
        if isinstance(value, int | float):
            raise ValueError(say("data.not_text", example=example))  # noqa: TRY004 - as pydantic asks
        return value

    return BeforeValidator(text)


Within = Annotated[timedelta, _written("PT15M"), Field(ge=timedelta(minutes=1))]
WallClock = Annotated[time, _written("10:00")]


class Severity(Frozen):
    """How bad it is, and how soon someone must answer and end it."""

    title: Text
    label: Text
    impact: Text
    business: Text
    respond_within: Within
    resolve_within: Within
    examples: tuple[Text, ...] = Field(min_length=1)


class Contact(Frozen):
    """One person of the team."""

    name: Text
    role: Text
    phone: Phone
    email: Email
    slack: Handle


class Duty(Frozen):
    """The two people of one week of the rotation, by contact id."""

    primary: Slug
    secondary: Slug


class Rotation(Frozen):
    """The rule by which duty passes from week to week; shifts are derived from it, never stored.

    The first week begins on the date `start` at the wall-clock time `handover` in `zone`.
    """

    zone: Annotated[str, AfterValidator(_known_zone)]
    start: date
    handover: WallClock
    weeks: tuple[Duty, ...] = Field(min_length=1)

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose wall clock decides the handover."""
        return ZoneInfo(self.zone)
