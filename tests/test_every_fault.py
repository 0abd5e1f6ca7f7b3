"""The measure of it all: what is really broken is what is confirmed, and nothing else is.

The faults are shared out among a few drills at once: nearly all of their time is waiting.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from drill.breaking import break_, heal
from drill.faults import Fault, available, faults
from drill.place import Drill, Place
from drill.up import down, up
from runbook.cli.replay import replay

pytestmark = [pytest.mark.drill, pytest.mark.timeout(900)]

DRILLS = 3
REPEATED = ("table-locked", "road-lossy", "questions-rate-limited", "leak-until-killed")
# What every drill would feel waits for all others, and so is asked for last.
NAMES = sorted(faults(), key=lambda name: faults()[name].felt_by_all)
SCENARIOS = list(dict.fromkeys(fault.scenario for fault in faults().values()))


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

    def broken(fault: Fault) -> list[Run]:
        drill = drills.get()
        try:
            break_(drill, fault.fault)
            try:
                count = 10 if fault.fault in REPEATED else 1
                return [diagnose(drill, records, fault.scenario)[0] for _ in range(count)]
            finally:
                heal(drill)
        finally:
            drills.put(drill)

    def healthy() -> list[Run]:
        drill = drills.get()
        try:
            return [run for _ in range(10) for run in diagnose(drill, records, *SCENARIOS)]
        finally:
            drills.put(drill)

    example = drills.get()
    can = [fault for fault in faults().values() if available(fault, example)]
    drills.put(example)
    with ThreadPoolExecutor(DRILLS) as threads:
        found = {"healthy": threads.submit(healthy)}
        found |= {one.fault: threads.submit(broken, one) for one in can if not one.felt_by_all}
        with ThreadPoolExecutor(1) as last:
            others = list(found.values())

            def alone(fault: Fault) -> list[Run]:
                wait(others)
                return broken(fault)

            yield found | {one.fault: last.submit(alone, one) for one in can if one.felt_by_all}


def diagnose(drill: Drill, records: Path, *scenarios: str) -> list[Run]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "runbook", "run", *scenarios),
            *("--target", "drill", "--records", str(records), "--json"),
        ],
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(drill.place.folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return [Run(done.returncode, said) for said in json.loads(done.stdout)]


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_is_confirmed_as_exactly_its_cause(
    name: str, diagnosed: dict[str, Future[list[Run]]]
) -> None:
    if name not in diagnosed:
        # A tmpfs can be had wherever we are root; a kernel without TUN or swap cannot be helped.
        required = os.environ.get("RUNBOOK_REQUIRE_ALL") and faults()[name].needs in (None, "disk")
        assert not required, "a fault could not be tested here"
        pytest.skip("this fault needs root")
    run = diagnosed[name].result()[0]
    assert run.confirmed == list(faults()[name].expected), run.said["findings"]
    if run.confirmed:
        assert (run.exit, bool(run.said["next"])) == (3, True)
    else:
        # Who has just been started cannot be asked everything yet, and that is said.
        assert (run.exit, run.said["verdict"]) in ((0, "PASS"), (4, "WARN"), (5, "UNKNOWN"))


@pytest.mark.parametrize("name", NAMES)
def test_its_record_is_judged_again_without_the_system_exactly_as_it_was(
    name: str, diagnosed: dict[str, Future[list[Run]]]
) -> None:
    if name not in diagnosed:
        pytest.skip("this fault needs root")
    run = diagnosed[name].result()[0]
    again = CliRunner().invoke(replay, [run.said["record"], "--json"], standalone_mode=False)
    assert json.loads(again.output) == [run.said]
    assert again.return_value == run.exit


def test_a_healthy_system_raises_no_alarm_forty_times(
    diagnosed: dict[str, Future[list[Run]]],
) -> None:
    seen = [(run.exit, run.said["verdict"]) for run in diagnosed["healthy"].result()]
    assert seen == [(0, "PASS")] * 10 * len(SCENARIOS)


@pytest.mark.parametrize("name", REPEATED)
def test_the_same_fault_is_diagnosed_the_same_ten_times_in_a_row(
    name: str, diagnosed: dict[str, Future[list[Run]]]
) -> None:
    if name not in diagnosed:
        pytest.skip("this fault needs root")
    runs = diagnosed[name].result()
    seen = {
        json.dumps([run.exit, [one for one in run.said["causes"] if one["state"] == "confirmed"]])
        for run in runs
    }
    assert len(runs) == 10
    assert len(seen) == 1
