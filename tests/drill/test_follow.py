"""A cause that belongs elsewhere leads there, and the record shows the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drill.breaking import break_, heal
from drill.place import Drill

pytestmark = pytest.mark.drill


def test_a_run_follows_the_cause_to_its_scenario_and_stops_where_it_is_found(
    shared: Drill, tmp_path: Path
) -> None:
    break_(shared, "database-stopped")
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "runbook", "run", "service-memory", "--follow", "--json"),
                *("--target", "drill", "--records", str(tmp_path)),
            ],
            env={**os.environ, "RUNBOOK_DRILL_DIR": str(shared.place.folder)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        heal(shared)
    assert done.returncode == 3, done.stderr
    first, second = json.loads(done.stdout)
    assert [first["scenario"], second["scenario"]] == ["service-memory", "database-connection"]
    assert first["path"] == []
    assert second["path"] == [Path(first["record"]).stem]
    confirmed = [one for one in second["causes"] if one["state"] == "confirmed"]
    assert [one["id"] for one in confirmed] == ["process-down"]
    page = Path(second["record"]).with_suffix(".html").read_text(encoding="utf-8")
    assert f'<a href="{second["path"][0]}.html">' in page
