"""A diagnosis is scored by what was really broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drill.grade import Case, report
from runbook.errors import Exit


def case(expected: tuple[str, ...], confirmed: tuple[str, ...]) -> Case:
    return Case("x", "database-connection", expected, confirmed, unknown=0, seconds=1.0)


@pytest.mark.parametrize(
    ("expected", "confirmed", "top", "exact", "strict"),
    [
        (("a",), ("a",), True, True, 1.0),
        (("a",), ("a", "b"), True, False, 0.5),
        (("a",), ("b", "a"), False, False, 0.5),
        (("a", "b"), ("a",), True, False, 0.0),
        (("a",), (), False, False, 0.0),
        ((), (), True, True, 1.0),
        ((), ("a",), False, False, 0.0),
    ],
)
def test_a_missed_cause_is_worth_nothing_and_a_false_one_takes_its_share(
    expected: tuple[str, ...], confirmed: tuple[str, ...], top: bool, exact: bool, strict: float
) -> None:
    one = case(expected, confirmed)
    assert (one.top, one.exact, one.strict) == (top, exact, strict)


def test_only_a_control_can_raise_a_false_alarm() -> None:
    found = report([case(("a",), ("b",)), case((), ("b",)), case((), ())])["all"]
    assert (found["cases"], found["controls"], found["false_alarms"]) == (3, 2, 1)


@pytest.mark.drill
def test_grading_takes_a_drill_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "runbook", "drill", "grade"),
            *("table-locked", "ai-down-only", "--json"),
        ],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == Exit.PASS, done.stderr
    found = json.loads(done.stdout)
    assert [(one["fault"], one["confirmed"]) for one in found["cases"]] == [
        ("table-locked", ["lock-contention"]),
        ("ai-down-only", ["ai-trouble"]),
    ]
    assert found["all"]["exact"] == 2
    assert list(tmp_path.glob("grade-*")) == []
