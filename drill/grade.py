"""How often a diagnosis names what is really broken: every fault put in, diagnosed, and scored."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from drill.breaking import break_, heal
from drill.faults.fault import Fault
from drill.grounds import Ground
from drill.place import Standing
from drill.words import say
from runbook.errors import RunbookError

_LONGEST = 120  # seconds one run may take, far beyond its own deadline


@dataclass(frozen=True)
class Case:
    """One fault and what was said of it; `confirmed` is in the order of the diagnosis.

    `seconds` is the whole process of the run, from the command to its end; `record` is its file.
    """

    fault: str
    scenario: str
    expected: tuple[str, ...]
    confirmed: tuple[str, ...]
    unknown: int
    seconds: float
    record: str = ""

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
    ground: Ground,
    drills: Sequence[Standing],
    faults: Iterable[Fault],
    records: Path,
    progress: Callable[[Case | str], None],
) -> list[Case]:
    """Every fault put into a drill, diagnosed by the command line, and healed again.

    The drills work side by side, except on what the whole machine feels.  A fault that would not
    hold is no case.
    """
    free: SimpleQueue[Standing] = SimpleQueue()
    for drill in drills:
        free.put(drill)

    def one(fault: Fault) -> Case | None:
        drill = free.get()
        try:
            try:
                break_(drill, fault.fault, ground)
            except RunbookError as reason:
                progress(str(reason))
                return None
            case = _case(ground, drill, fault, records)
        finally:
            heal(drill, ground)
            free.put(drill)
        progress(case)
        return case

    wanted = list(faults)
    together = [fault for fault in wanted if not fault.felt_by_all]
    with ThreadPoolExecutor(len(drills)) as threads:
        found = list(threads.map(one, together))
    found += [one(fault) for fault in wanted if fault.felt_by_all]
    cases = {case.fault: case for case in found if case is not None}
    return [cases[fault.fault] for fault in wanted if fault.fault in cases]


def healthy_alarms(ground: Ground, drill: Standing, runs: int, records: Path) -> int:
    """In how many of that many runs of every scenario a healthy drill was called ill."""
    scenarios = list(dict.fromkeys(fault.scenario for fault in ground.faults().values()))
    return sum(
        any(one["verdict"] != "PASS" for one in _run(ground, drill, scenarios, records))
        for _ in range(runs)
    )


def report(cases: Sequence[Case]) -> dict[str, Any]:
    """The cases, and by scenario how many were right, of which version, and when."""
    scenarios = dict.fromkeys(case.scenario for case in cases)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": _version(),
        "cases": [_facts(case) for case in cases],
        "scenarios": {name: _score([c for c in cases if c.scenario == name]) for name in scenarios},
        "all": _score(cases),
    }


def _version() -> str:
    """The version of the runbook, and the commit where its folder is a checkout."""
    here = Path(__file__).parent
    words = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)
    except OSError:
        return version("aura-flow-runbook")
    return " ".join([version("aura-flow-runbook"), done.stdout.strip()]).strip()


def _facts(case: Case) -> dict[str, Any]:
    facts = asdict(case) | {"top": case.top, "exact": case.exact}
    del facts["record"]
    return facts


def _score(cases: Sequence[Case]) -> dict[str, float]:
    controls = [case for case in cases if not case.expected]
    return {
        "cases": len(cases),
        "controls": len(controls),
        "top": sum(case.top for case in cases),
        "exact": sum(case.exact for case in cases),
        "false_alarms": sum(bool(case.confirmed) for case in controls),
        "unknown": sum(case.unknown for case in cases),
        "seconds": round(statistics.median(case.seconds for case in cases), 2) if cases else 0.0,
        "strict": round(sum(case.strict for case in cases) / max(1, len(cases)), 3),
    }


def _case(ground: Ground, drill: Standing, fault: Fault, records: Path) -> Case:
    begin = time.monotonic()
    said = _run(ground, drill, [fault.scenario], records)[0]
    return Case(
        fault=fault.fault,
        scenario=fault.scenario,
        expected=tuple(fault.expected),
        confirmed=tuple(one["id"] for one in said["causes"] if one["state"] == "confirmed"),
        unknown=sum(one["verdict"] == "UNKNOWN" for one in said["findings"]),
        seconds=round(time.monotonic() - begin, 2),
        record=said["record"],
    )


def _run(
    ground: Ground, drill: Standing, scenarios: Sequence[str], records: Path
) -> list[dict[str, Any]]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "runbook", "run", *scenarios),
            *("--target", ground.target, "--records", str(records), "--json"),
        ],
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(ground.home(drill).folder)},
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    if not done.stdout:
        names = " ".join(scenarios)
        raise RunbookError(say("grade.no_answer", fault=names, detail=done.stderr.strip()))
    return list(json.loads(done.stdout))
