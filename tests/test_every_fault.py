"""The measure of it all: what is really broken is what is confirmed, and nothing else is.

The faults are shared out among a few drills at once: nearly all of their time is waiting.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from drill.breaking import break_, heal
from drill.faults import available, faults
from drill.place import Drill, Place
from drill.up import down, up
from runbook.cli.replay import replay

pytestmark = pytest.mark.drill

DRILLS = 3
REPEATED = "table-locked"


class Run(NamedTuple):
    """One `runbook run --json`: its exit code and what it said."""

    exit: int
    said: dict[str, Any]

    @property
    def confirmed(self) -> list[str]:
        return [cause["id"] for cause in self.said["causes"] if cause["state"] == "confirmed"]


@pytest.fixture(scope="module")
def drills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleQueue[Drill]]:
    """Drills to be taken, used and put back."""
    places = [Place(tmp_path_factory.mktemp("drills") / str(number)) for number in range(DRILLS)]
    free: SimpleQueue[Drill] = SimpleQueue()
    for place in places:
        free.put(up(place, progress=lambda _: None))
    yield free
    for place in places:
        down(place)


@pytest.fixture(scope="module")
def diagnosed(
    drills: SimpleQueue[Drill], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[list[Run]]]]:
    """The runs of every fault, and of the healthy system, as soon as they are there."""
    records = tmp_path_factory.mktemp("records")

    def runs(count: int, prepare: Callable[[Drill], None] | None = None) -> list[Run]:
        drill = drills.get()
        try:
            if prepare is None:
                return [diagnose(drill, records) for _ in range(count)]
            prepare(drill)
            try:
                return [diagnose(drill, records) for _ in range(count)]
            finally:
                heal(drill)
        finally:
            drills.put(drill)

    def broken(fault: str) -> list[Run]:
        return runs(10 if fault == REPEATED else 1, lambda drill: break_(drill, fault))

    example = drills.get()
    can = [name for name, fault in faults().items() if available(fault, example)]
    drills.put(example)
    with ThreadPoolExecutor(DRILLS) as threads:
        healthy = {"healthy": threads.submit(runs, 20)}
        yield healthy | {name: threads.submit(broken, name) for name in can}


def diagnose(drill: Drill, records: Path) -> Run:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "runbook", "run", "database-connection"),
            *("--target", "drill", "--records", str(records), "--json"),
        ],
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(drill.place.folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return Run(done.returncode, json.loads(done.stdout)[0])


@pytest.mark.parametrize("name", faults())
def test_a_fault_is_confirmed_as_exactly_its_cause(
    name: str, diagnosed: dict[str, Future[list[Run]]]
) -> None:
    if name not in diagnosed:
        assert not os.environ.get("RUNBOOK_REQUIRE_ALL"), "a fault could not be tested here"
        pytest.skip("this fault needs root and a tmpfs")
    run = diagnosed[name].result()[0]
    assert run.confirmed == list(faults()[name].expected), run.said["findings"]
    assert run.exit == (3 if run.confirmed else 0)
    assert run.said["next"] if run.confirmed else run.said["verdict"] == "PASS"


@pytest.mark.parametrize("name", faults())
def test_its_record_is_judged_again_without_the_system_exactly_as_it_was(
    name: str, diagnosed: dict[str, Future[list[Run]]]
) -> None:
    if name not in diagnosed:
        pytest.skip("this fault needs root and a tmpfs")
    run = diagnosed[name].result()[0]
    again = CliRunner().invoke(replay, [run.said["record"], "--json"], standalone_mode=False)
    assert json.loads(again.output) == [run.said]
    assert again.return_value == run.exit


def test_a_healthy_system_raises_no_alarm_twenty_times_in_a_row(
    diagnosed: dict[str, Future[list[Run]]],
) -> None:
    seen = [(run.exit, run.said["verdict"]) for run in diagnosed["healthy"].result()]
    assert seen == [(0, "PASS")] * 20


def test_the_same_fault_is_diagnosed_the_same_ten_times_in_a_row(
    diagnosed: dict[str, Future[list[Run]]],
) -> None:
    runs = diagnosed[REPEATED].result()
    seen = {
        json.dumps(
            [
                run.exit,
                run.said["verdict"],
                run.said["causes"],
                [(finding["check"], finding["signal"]) for finding in run.said["findings"]],
            ]
        )
        for run in runs
    }
    assert len(runs) == 10
    assert len(seen) == 1
