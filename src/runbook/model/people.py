"""Who to call, and how bad it is."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from runbook.model.base import Frozen, Slug, Slugs, Text, Texts, like, unlike

_PHONE = "+86-138-0000-0001"


def _dialled(number: str) -> str:
    # https://www.itu.int/rec/T-REC-E.164: at most 15 digits; fewer than 7 reach nobody.
    if not 7 <= sum(map(str.isdigit, number)) <= 15:
        raise unlike(_PHONE)
    return number


Phone = Annotated[str, like(r"^\+[1-9][0-9]*(-[0-9]+)*$", _PHONE), AfterValidator(_dialled)]
Email = Annotated[str, like(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "zhangsan@company.com")]
Handle = Annotated[str, like(r"^@[\w.-]+$", "@zhangsan")]


def e164(number: str) -> str:
    """The number as a phone dials it, without what people write between the digits."""
    return number.replace("-", "")


def written(example: str, pattern: str) -> BeforeValidator:
    """Only text of that form: a bare 10 would be read as ten seconds, or as ten past midnight."""

    def text(value: object) -> object:
        made = isinstance(value, date | time | timedelta)  # in code, not read from a file
        if not made and not (isinstance(value, str) and re.fullmatch(pattern, value.strip())):
            raise unlike(example)
        return value

    return BeforeValidator(text)


def in_schema(pattern: str) -> WithJsonSchema:
    """How an editor recognises text of that form."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


def _a_minute_at_least(duration: timedelta) -> timedelta:
    if duration < timedelta(minutes=1):
        raise unlike(_TIME)
    return duration


_TIME = "PT15M"
_DURATION = r"P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?"
_WALL_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"

Duration = Annotated[timedelta, written(_TIME, _DURATION), in_schema(_DURATION)]
"""ISO 8601, in days and smaller."""

Within = Annotated[Duration, AfterValidator(_a_minute_at_least), in_schema(_DURATION)]
WallClock = Annotated[time, written("10:00", _WALL_CLOCK), in_schema(_WALL_CLOCK)]


class Severity(Frozen):
    """How bad it is, how soon someone must answer and end it, and who is told how often.

    `tell` names contacts, vendors and channels; `template` is the message to begin with.
    """

    title: Text
    label: Text
    impact: Text
    business: Text
    respond_within: Within
    resolve_within: Within
    examples: Texts = Field(min_length=1)
    update_every: Within
    tell: Slugs = Field(min_length=1)
    template: Slug


class Question(Frozen):
    """A question that leads to a severity: its answers are what each level says in that column."""

    ask: Text
    of: Literal["impact", "business"]


class Contact(Frozen):
    """One person of the team; whoever is put on duty needs a phone."""

    name: Text
    role: Text
    phone: Phone | None = None
    email: Email
    slack: Handle
