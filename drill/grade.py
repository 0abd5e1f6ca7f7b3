"""How often a diagnosis names what is really broken: every fault put in, diagnosed, and scored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drill.breaking import break_, heal
from drill.faults import Fault
from drill.place import Drill
from drill.words import say
from runbook.errors import RunbookError

_LONGEST = 120  # seconds one run may take, far beyond its own deadline


@dataclass(frozen=True)
class Case:
    """One fault and what was said of it; `confirmed` is in the order of the diagnosis.

    `seconds` is the whole process of the run, from the command to its end.
    """

    fault: str
    scenario: str
    expected: tuple[str, ...]
    confirmed: tuple[str, ...]
    unknown: int
    seconds: float

    @property
    def top(self) -> bool:
        """Whether the first cause is a true one; for a control, whether there is none."""
        return self.confirmed[0] in self.expected if self.confirmed else not self.expected

    @property
    def exact(self) -> bool:
        """Whether exactly the true causes are confirmed."""
        return set(self.confirmed) == set(self.expected)

    @property
    def strict(self) -> float:
        """0 where a true cause is missed, else the share of the confirmed causes that are true."""
        if not set(self.expected) <= set(self.confirmed):
            return 0.0
        return len(self.expected) / len(self.confirmed) if self.confirmed else 1.0


def grade(
    drill: Drill, faults: Iterable[Fault], records: Path, progress: Callable[[Case], None]
) -> list[Case]:
    """Every fault put into the drill, diagnosed by the command line, and healed again."""
    cases = []
    for fault in faults:
        break_(drill, fault.fault)
        try:
            case = _case(drill, fault, records)
        finally:
            heal(drill)
        progress(case)
        cases.append(case)
    return cases


def report(cases: Sequence[Case]) -> dict[str, Any]:
    """The cases, and by scenario how many were right."""
    scenarios = dict.fromkeys(case.scenario for case in cases)
    return {
        "cases": [asdict(case) | {"top": case.top, "exact": case.exact} for case in cases],
        "scenarios": {name: _score([c for c in cases if c.scenario == name]) for name in scenarios},
        "all": _score(cases),
    }


def _score(cases: Sequence[Case]) -> dict[str, float]:
    controls = [case for case in cases if not case.expected]
    return {
        "cases": len(cases),
        "controls": len(controls),
        "top": sum(case.top for case in cases),
        "exact": sum(case.exact for case in cases),
        "false_alarms": sum(bool(case.confirmed) for case in controls),
        "strict": round(sum(case.strict for case in cases) / max(1, len(cases)), 3),
    }


def _case(drill: Drill, fault: Fault, records: Path) -> Case:
    begin = time.monotonic()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "runbook", "run", fault.scenario),
            *("--target", "drill", "--records", str(records), "--json"),
        ],
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(drill.place.folder)},
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    seconds = round(time.monotonic() - begin, 2)
    if not done.stdout:
        raise RunbookError(say("grade.no_answer", fault=fault.fault, detail=done.stderr.strip()))
    said = json.loads(done.stdout)[0]
    return Case(
        fault=fault.fault,
        scenario=fault.scenario,
        expected=tuple(fault.expected),
        confirmed=tuple(one["id"] for one in said["causes"] if one["state"] == "confirmed"),
        unknown=sum(one["verdict"] == "UNKNOWN" for one in said["findings"]),
        seconds=seconds,
    )
