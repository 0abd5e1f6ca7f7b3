"""Durations and moments as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from pydantic_core import to_jsonable_python

from runbook.model import Contact, Severity, Vendor
from runbook.words import listed, say


def deadlines(level: str, severity: Severity) -> str:
    """The level with the times by which someone must answer and end it, as a sentence."""
    return say(
        "severity.deadlines",
        id=level,
        title=severity.title,
        respond=within(severity.respond_within),
        resolve=within(severity.resolve_within),
    )


def within(duration: timedelta) -> str:
    """`15 分钟`, `4 小时`: the largest unit that keeps the number whole."""
    minutes = int(duration.total_seconds() // 60)
    if minutes % 60 == 0:
        return say("duration.hours", count=minutes // 60)
    return say("duration.minutes", count=minutes)


def iso(duration: timedelta) -> str:
    """`PT15M`, `P3D`: as a script reads it."""
    return str(to_jsonable_python(duration))


def lasting(duration: timedelta | None) -> str:
    """`1 小时 5 分钟`: how long something took, to the minute; under a minute in seconds."""
    if duration is None:
        return ""
    seconds = int(duration.total_seconds())
    if seconds < 60:
        return say("duration.seconds", count=seconds)
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return say("duration.minutes", count=minutes)
    return say("duration.hours_minutes", hours=hours, minutes=minutes)


def to_tell(
    names: Iterable[str], contacts: Mapping[str, Contact], vendors: Mapping[str, Vendor]
) -> str:
    """Whom to tell, each with a number to call, as a sentence; empty for nobody.

    Who has left the data since is named as he was.
    """
    known: dict[str, Contact | Vendor] = {**contacts, **vendors}
    told = [
        say("case.someone", name=known[name].name, phone=known[name].phone or known[name].email)
        if name in known
        else name
        for name in names
    ]
    return say("case.tell", who=listed(told)) if told else ""
