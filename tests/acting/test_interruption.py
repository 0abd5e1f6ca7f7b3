"""Whatever interrupts an action, its record says so, and what is known of the target."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from houses import House

from drill.wait import until
from runbook.model import RunState
from runbook.records.incident import incident_of
from runbook.records.reading import record_of
from runbook.records.verify import inspect

DRILL = ("--target", "drill")
pytestmark = pytest.mark.drill

SLOW = """#!/bin/sh
echo begun >> "$(dirname "$0")/begun"
trap 'echo ended >> "$(dirname "$0")/ended"; exit 130' INT TERM
sleep 300 &
wait
"""
NOTHING = "#!/bin/sh\nexit 0\n"


def script(house: House, text: str) -> Path:
    file = house.root / "command.sh"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    return file


def told(house: House) -> str:
    """What the notebook says so far."""
    return "".join(one.read_text(encoding="utf-8") for one in house.records.glob("*/*.ipynb"))


def saved(house: House, events: int) -> bool:
    """Whether the log of the incident has that many lines."""
    logs = list(house.records.glob("*/events.jsonl"))
    return bool(logs) and len(logs[0].read_bytes().splitlines()) >= events


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_an_interrupted_action_leaves_a_record_that_says_how_far_it_came(
    moment: str, ending: signal.Signals, house: House
) -> None:
    command = script(house, NOTHING if moment == "after" else SLOW)
    facts = {"limit": 200, "effect": {"kind": "restarted", "within": 200}}
    house.restart_by(command, facts)
    process = house.begin("restart", "api", *DRILL, "--json")
    reached = {
        "before": lambda: saved(house, 1),
        "during": (house.root / "begun").exists,
        "after": lambda: '"execution_count": 5' in told(house),
    }
    assert until(reached[moment], seconds=90, every=0.05)
    kernels = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(ending)
    assert process.wait(timeout=90) == 130
    (notebook,) = house.incident.glob("*.ipynb")
    record = record_of(notebook)
    assert record is not None
    assert record.state is RunState.INTERRUPTED
    assert [one.outcome for one in incident_of(house.incident).actions] == {
        "before": [],
        "during": ["interrupted"],
        "after": ["interrupted"],
    }[moment]
    if moment == "before":
        assert "还没有动手" in str(record.message)
    if moment == "during":
        assert (house.root / "ended").exists(), "it was told to end, and let do so"
        assert "可能只做了一半" in str(record.message)
    if moment == "after":
        assert "还没有看到效果" in str(record.message)
    found = inspect(house.incident)
    assert (found.flaws, found.notes) == ([], [])
    assert until(lambda: not any(one.is_running() for one in kernels), seconds=10)
    shown = house.runbook("incident", "show", house.incident.name)
    assert "被中断" in shown.stdout


@pytest.mark.parametrize("moment", ["before", "during"])
def test_of_a_runner_that_was_killed_recover_says_what_is_known(moment: str, house: House) -> None:
    house.restart_by(script(house, SLOW), {"limit": 200})
    process = house.begin("restart", "api", *DRILL)
    assert until(lambda: saved(house, 1 if moment == "before" else 2), seconds=60, every=0.05)
    if moment == "during":
        assert until(lambda: (house.root / "begun").exists(), seconds=20)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    psutil.wait_procs(family[:1], timeout=20)
    for one in family[1:]:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    assert house.runbook("recover", house.incident.name).returncode == 0
    (notebook,) = house.incident.glob("*.ipynb")
    record = record_of(notebook)
    assert record is not None
    assert record.state is RunState.KILLED
    said = "还没有动手" if moment == "before" else "做没做完不知道"
    assert said in str(record.message)
    found = inspect(house.incident)
    assert (found.flaws, found.notes) == ([], [])
    shown = house.runbook("incident", "show", house.incident.name)
    assert ("命令已经开始，没有收尾" in shown.stdout) == (moment == "during")
    assert house.runbook("publish", str(house.root / "site")).returncode in (0, 2)
