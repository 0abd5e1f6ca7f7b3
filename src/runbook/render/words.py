"""Durations and moments as people say them."""

from __future__ import annotations

from datetime import timedelta

from runbook.model import Severity
from runbook.words import say


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
