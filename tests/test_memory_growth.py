"""Who leaks and who does not, by how the memory moved while it was looked at."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from runbook.catalog import load
from runbook.checks import judge
from runbook.model import Evidence, Verdict
from tests.conftest import ROOT

KB, MB = 1024, 1024 * 1024
EVERY = 0.1  # seconds

LEAKS: dict[str, Callable[[float], float]] = {
    "evenly": lambda at: 0.5 * MB * at,
    "with a buffer for each request": lambda at: 2 * MB * at + (4 * MB if at % 1 < 0.05 else 0),
    "in steps": lambda at: 2 * MB * math.floor(at / 0.3),
    "with garbage that is collected": lambda at: 2 * MB * at + 2 * MB * (at / 0.15 % 1),
    "faster and faster": lambda at: 1 * MB * 2 ** (at / 0.5),
    "after a step": lambda at: 1 * MB * at + (11 * MB if at > 0.2 else 0),
}
NONE: dict[str, Callable[[float], float]] = {
    "flat": lambda _: 0,
    "up and down": lambda at: 3 * MB * math.sin(at * 7) ** 2,
    "a step and level": lambda at: 11 * MB * min(1, at / 0.3) + 4 * KB * at,
    "late and level": lambda at: (6 * MB if at > 2.0 else 0) + 4 * KB * at,
    "slowly": lambda at: 100 * KB * at,
    "level and back": lambda at: 9 * MB * at if at < 1.5 else 3 * MB,
}


def said(grown: Callable[[float], float], seconds: float) -> tuple[Verdict, str | None]:
    moments = [number * EVERY for number in range(round(seconds / EVERY))]
    service = {"pid": 7, "age": 900.0, "limit": None, "cgroup": None, "resident": 0, "peak": 0}
    saw = {
        "services": {"api": service},
        "limited": [],
        "samples": [{"at": at, "api": 50 * MB + grown(at)} for at in moments],
        "host": {"used": 7000 * MB, "total": 8192 * MB, "bound": "/"},
        "top": [],
        "swap": None,
    }
    seen = Evidence(probe="memory", at=datetime.now(UTC), seconds=seconds, saw=saw)
    (finding,) = judge(["memory-growth"], load(ROOT).checks, [seen])
    return finding.verdict, finding.signal


@pytest.mark.parametrize("shape", LEAKS)
def test_who_takes_all_the_time_and_keeps_it_leaks(shape: str) -> None:
    assert said(LEAKS[shape], 3.6) == (Verdict.FAIL, "growing")


@pytest.mark.parametrize("shape", NONE)
def test_who_takes_a_step_or_gives_it_back_does_not(shape: str) -> None:
    assert said(NONE[shape], 3.6) == (Verdict.PASS, "flat")


@pytest.mark.parametrize("shape", LEAKS)
def test_nobody_is_called_a_leak_after_a_glance(shape: str) -> None:
    assert said(LEAKS[shape], 0.6) == (Verdict.PASS, "flat")
