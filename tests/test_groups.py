"""A group of targets is looked at side by side; what acts on one target takes none."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Runbook


def absent(folder: Path) -> dict[str, str]:
    """The environment in which neither of the two drills is up."""
    return {"RUNBOOK_DRILL_DIR": str(folder / "nobody")}


def test_a_triage_of_a_group_has_every_scenario_of_every_member(
    runbook: Runbook, tmp_path: Path
) -> None:
    done = runbook("triage", "--target", "drills", "--json", **absent(tmp_path))
    told = {(one["target"], one["scenario"]) for one in json.loads(done.stdout)}
    assert len(told) == 8
    assert {target for target, _ in told} == {"drill", "drill-compose"}
    assert done.returncode == 5


def test_a_run_on_a_group_leaves_a_record_of_every_member_in_one_incident(
    runbook: Runbook, tmp_path: Path
) -> None:
    records = tmp_path / "records"
    words = ("run", "ai-service", "--target", "drills", "--records", str(records), "--json")
    told = json.loads(runbook(*words, **absent(tmp_path)).stdout)
    assert [one["target"] for one in told] == ["drill", "drill-compose"]
    assert len({Path(one["record"]).parent for one in told}) == 1
    assert len({one["record"] for one in told}) == 2


def test_people_see_the_members_of_a_group_in_one_table(runbook: Runbook, tmp_path: Path) -> None:
    said = runbook("triage", "--target", "drills", **absent(tmp_path)).stdout
    assert "两套演练环境" in said
    assert "runbook run ai-service --target drill-compose" in said
