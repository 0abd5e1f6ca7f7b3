"""Who to call, and how bad it is."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from runbook.model.base import Frozen, Text
from runbook.words import say

Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9][0-9-]{6,}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Handle = Annotated[str, StringConstraints(pattern=r"^@[\w.-]+$")]


def written(example: str) -> BeforeValidator:
    """Only text: a bare 10 would be read as ten seconds, or ten seconds past midnight."""

    def text(value: object) -> object:
        if isinstance(value, int | float):
            raise ValueError(say("data.not_text", example=example))  # noqa: TRY004 - as pydantic asks
        return value

    return BeforeValidator(text)


Within = Annotated[timedelta, written("PT15M"), Field(ge=timedelta(minutes=1))]
WallClock = Annotated[time, written("10:00")]


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
    """One person of the team; whoever is put on duty needs a phone."""

    name: Text
    role: Text
    phone: Phone | None = None
    email: Email
    slack: Handle
