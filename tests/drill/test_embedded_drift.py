"""The embedded drill is compared as far as it can be, and what cannot be asked of it is said."""

from __future__ import annotations

import json
from pathlib import Path

from drill.place import Drill
from runbook.errors import Exit
from tests.conftest import Runbook


def test_the_embedded_drill_has_no_drift_and_says_what_only_containers_have(
    shared: Drill, runbook: Runbook, tmp_path: Path
) -> None:
    done = runbook(
        *("check", "--target", "drill", "--json", "--records", str(tmp_path)),
        RUNBOOK_DRILL_DIR=str(shared.place.folder),
    )
    found = json.loads(done.stdout)
    assert (done.returncode, found["drift"], found["unseen"]) == (Exit.PASS, [], [])
    assert {"limit", "port", "scale", "script"} <= {one["kind"] for one in found["elsewhere"]}


def test_a_target_that_is_not_there_is_no_drift_and_not_well_either(
    runbook: Runbook, tmp_path: Path
) -> None:
    done = runbook(
        *("check", "--target", "drill", "--records", str(tmp_path)),
        RUNBOOK_DRILL_DIR=str(tmp_path),
    )
    assert done.returncode == Exit.INCONCLUSIVE
    assert "runbook drill up" in done.stdout
    assert not (tmp_path / "drift").exists()
