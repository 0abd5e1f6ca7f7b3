"""A record is judged again with the rules of today, and becomes a test case by one command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.conftest import ROOT, Runbook

SAMPLE = sorted((ROOT / "records" / "DRILL-20261125-01").glob("*.ipynb"))


def test_a_record_is_found_by_its_incident_and_name_and_judged_as_it_was(runbook: Runbook) -> None:
    for notebook in SAMPLE:
        kept = json.loads(notebook.read_text())["metadata"]["runbook"]["diagnosis"]
        done = runbook("replay", f"DRILL-20261125-01/{notebook.stem}", "--json")
        again = json.loads(done.stdout)[0]
        now = {one["id"]: one["state"] for one in again["causes"]}
        assert {one["id"]: now[one["id"]] for one in kept["causes"]} == {
            one["id"]: one["state"] for one in kept["causes"]
        }
        assert "与当时的判断一致" in runbook("replay", str(notebook)).stdout


def test_a_rule_that_changed_shows_in_what_is_judged_otherwise(
    runbook: Runbook, copy: Path
) -> None:
    scenario = copy / "data" / "scenarios" / "database-connection.yml"
    text = scenario.read_text().replace(
        "    title: 长事务堵住了别的会话\n    needs: [database-locks.blocked]",
        "    title: 长事务堵住了别的会话\n    needs: [database-locks.long-transaction]",
    )
    scenario.write_text(text)
    said = [runbook("replay", str(one), RUNBOOK_ROOT=str(copy)).stdout for one in SAMPLE]
    assert any("长事务堵住了别的会话，当时 ● 确认，现在 ○ 排除" in one for one in said)


def test_a_record_becomes_a_case_once(runbook: Runbook, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    assert runbook("replay", str(SAMPLE[0]), "--case", str(case)).returncode in (0, 3)
    facts = json.loads(case.read_text())
    shape = json.loads((ROOT / "tests/cases/database-connection/healthy.json").read_text())
    assert facts.keys() == shape.keys()
    assert facts["evidence"][0].keys() == shape["evidence"][0].keys()
    again = runbook("replay", str(SAMPLE[0]), "--case", str(case))
    assert again.returncode == 2
    assert "已经有了" in again.stderr


def test_what_is_no_whole_record_is_refused_with_what_to_do(
    runbook: Runbook, tmp_path: Path
) -> None:
    damaged, unfinished = tmp_path / "damaged.ipynb", tmp_path / "unfinished.ipynb"
    damaged.write_text('{"cells": [')
    shutil.copy(SAMPLE[0], unfinished)
    notebook = json.loads(unfinished.read_text())
    notebook["cells"] = notebook["cells"][:-1]
    unfinished.write_text(json.dumps(notebook))
    for name, said in (
        ("nowhere", "没有记录"),
        (str(damaged), "读不出来"),
        (str(unfinished), "没有跑完"),
    ):
        done = runbook("replay", name)
        assert done.returncode == 2
        assert said in done.stderr
