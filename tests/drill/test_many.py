"""A hundred targets at once: each is told what it is, and none that we are there."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import yaml

from drill.breaking import break_, heal
from drill.place import Drill
from drill.wait import until
from runbook.catalog import load
from tests.conftest import ROOT, Runbook

pytestmark = pytest.mark.drill

MANY = [f"drill-{number:03}" for number in range(100)]


@pytest.fixture
def group(copy: Path, shared: Drill) -> dict[str, str]:
    """The environment of a project in which one drill, no longer young, is a hundred targets."""
    young = load(ROOT).checks["memory-growth"].limits["starting_seconds"]
    since = (shared.place.folder / "state.json").stat().st_mtime
    assert until(lambda: time.time() - since > young, seconds=30)
    targets, groups = copy / "data" / "targets.yml", copy / "data" / "groups.yml"
    drill = yaml.safe_load(targets.read_text(encoding="utf-8"))["drill"]
    with targets.open("a", encoding="utf-8") as file:
        file.writelines(f"{name}: {json.dumps(drill)}\n" for name in MANY)
    with groups.open("a", encoding="utf-8") as file:
        file.write(f"many: {json.dumps({'title': 'many', 'targets': MANY})}\n")
    return {"RUNBOOK_ROOT": str(copy), "RUNBOOK_DRILL_DIR": str(shared.place.folder)}


def test_that_a_hundred_are_looked_at_makes_none_of_them_ill(
    runbook: Runbook, group: dict[str, str]
) -> None:
    told = json.loads(runbook("triage", "--target", "many", "--json", **group).stdout)
    assert len({one["target"] for one in told}) == len(MANY)
    ill = [
        (one["target"], one["scenario"], one["verdict"], one["causes"])
        for one in told
        # One at which a hundred look at once may be slow, and may say so.
        if one["verdict"] not in ("PASS", "WARN")
        or any(cause["state"] == "confirmed" for cause in one["causes"])
    ]
    assert ill == []


def test_a_fault_of_all_of_them_is_found_at_each(
    runbook: Runbook, group: dict[str, str], shared: Drill
) -> None:
    break_(shared, "certificate-expired")
    try:
        done = runbook("triage", "--target", "many", "--json", **group)
    finally:
        heal(shared)
    told = [one for one in json.loads(done.stdout) if one["scenario"] == "network-connectivity"]
    assert len(told) == len(MANY)
    for one in told:
        confirmed = [cause["id"] for cause in one["causes"] if cause["state"] == "confirmed"]
        assert confirmed == ["certificate-expired"], one["target"]
