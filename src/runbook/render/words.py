"""Durations and moments as people say them."""

from __future__ import annotations

from datetime import timedelta

from runbook.words import say


def within(duration: timedelta) -> str:
    """`15 分钟`, `4 小时`: the largest unit that keeps the number whole."""
    minutes = int(duration.total_seconds() // 60)
    if minutes % 60 == 0:
        return say("duration.hours", count=minutes // 60)
    return say("duration.minutes", count=minutes)
