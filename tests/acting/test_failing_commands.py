"""What an action is worth is seen at its effect, whatever the command says of itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from houses import House

from runbook.records.incident import incident_of
from runbook.records.verify import inspect
from tests.conftest import ROOT

CASES = sorted((ROOT / "tests" / "cases" / "acting").glob("*.sh"))
pytestmark = pytest.mark.drill


@pytest.mark.parametrize("script", CASES, ids=lambda script: script.stem)
def test_only_the_effect_makes_an_action_effective(script: Path, house: House) -> None:
    told = dict(re.findall(r"^# (\w+): (.*)$", script.read_text(encoding="utf-8"), re.M))
    house.restart_by(
        script,
        {
            "limit": 8,
            **({"asks": {"asked": told["asks"], "answer": "y"}} if "asks" in told else {}),
        },
    )
    done = house.act("restart", "api", "--target", "drill", "--json")
    assert done.returncode == int(told["exit"]), done.stdout + done.stderr
    facts = json.loads(done.stdout)
    assert told["says"] in facts["why"]
    assert facts["outcome"] == ("effective" if told["exit"] == "0" else "failed")
    # All of it is a record of the incident, with the evidence that was taken before.
    found = inspect(house.incident)
    assert (found.flaws, found.notes) == ([], [])
    evidence = json.loads((house.incident / facts["evidence"]).read_text(encoding="utf-8"))
    assert evidence["evidence"] and evidence["instances"]["api"]["running"]
    (ended,) = incident_of(house.incident).actions
    assert (ended.outcome, ended.effect) == (facts["outcome"], facts["why"])
    kept = "".join(path.read_text(encoding="utf-8") for path in house.incident.iterdir())
    assert "tr0ub4dor" not in kept and "sk-proj-4f9aQ7Zx81LmN2vB6tYc" not in kept
    assert len(kept) < 3_000_000
