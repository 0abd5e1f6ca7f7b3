"""One look at everything: what is wrong and which notebook to run, without running one."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from drill.breaking import break_, heal
from drill.place import Drill
from runbook import probes
from runbook.catalog import load
from runbook.triage import triage
from tests.conftest import ROOT, Runbook

pytestmark = pytest.mark.drill


def test_a_healthy_system_is_called_healthy(shared: Drill, runbook: Runbook) -> None:
    done = runbook("triage", "--target", "drill", RUNBOOK_DRILL_DIR=str(shared.place.folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "PASS" in done.stdout
    assert "runbook run" not in done.stdout, "nothing to run where nothing is wrong"


def test_what_is_wrong_is_named_with_the_notebook_to_run_as_the_run_itself_would(
    shared: Drill, runbook: Runbook
) -> None:
    place = {"RUNBOOK_DRILL_DIR": str(shared.place.folder)}
    break_(shared, "table-locked")
    try:
        shown = runbook("triage", "--target", "drill", **place)
        said = runbook("triage", "--target", "drill", "--json", **place)
    finally:
        heal(shared)
    assert shown.returncode == said.returncode == 3
    assert "$ runbook run database-connection --target drill" in shown.stdout
    facts: list[dict[str, Any]] = json.loads(said.stdout)
    confirmed = {
        one["scenario"]: [cause["id"] for cause in one["causes"] if cause["state"] == "confirmed"]
        for one in facts
    }
    assert confirmed["database-connection"] == ["lock-contention"]
    others = {
        one for slug, found in confirmed.items() if slug != "database-connection" for one in found
    }
    assert others <= {"database-trouble"}
    assert facts[0]["severity"] == "P1"


def test_a_probe_that_many_checks_read_is_asked_once(
    shared: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNBOOK_DRILL_DIR", str(shared.place.folder))
    asked: Counter[str] = Counter()
    look = probes._look

    def counted(target: Any, name: str, within: float) -> Any:
        asked[name] += 1
        return look(target, name, within)

    monkeypatch.setattr(probes, "_look", counted)
    found = triage(load(ROOT), "drill", 15)
    assert set(asked.values()) == {1}
    assert {one.probe for diagnosis in found for one in diagnosis.evidence} == set(asked)


def test_a_system_that_is_not_there_is_not_called_healthy(runbook: Runbook, tmp_path: Any) -> None:
    done = runbook("triage", "--target", "drill", RUNBOOK_DRILL_DIR=str(tmp_path))
    assert done.returncode == 5
    assert "UNKNOWN" in done.stdout
    assert runbook("triage", "--target", "drll").returncode == 2
