"""Without a password, a key or the runtime, what can still be known is still known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drill.breaking import break_, heal
from drill.place import Drill

pytestmark = pytest.mark.drill


def diagnosed(folder: Path, scenario: str, records: Path) -> dict[str, Any]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "runbook", "run", scenario, "--json"),
            *("--target", "drill", "--records", str(records)),
        ],
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout)[0])


def seen_without(drill: Drill, folder: Path, **missing: str) -> Path:
    """A folder that tells the runbook of this drill, with something that is not there."""
    folder.mkdir()
    state = json.loads(drill.place.state_file.read_text(encoding="utf-8"))
    (folder / "state.json").write_text(json.dumps({**state, **missing}), encoding="utf-8")
    return folder


def states(said: dict[str, Any]) -> dict[str, str]:
    return {cause["id"]: cause["state"] for cause in said["causes"]}


def unknown(said: dict[str, Any]) -> dict[str, str]:
    return {
        one["check"]: one["observed"] for one in said["findings"] if one["verdict"] == "UNKNOWN"
    }


@pytest.fixture
def ill_certificate(shared: Drill) -> Iterator[Drill]:
    break_(shared, "certificate-expired")
    yield shared
    heal(shared)


def test_without_the_runtime_a_bad_certificate_is_confirmed_all_the_same(
    ill_certificate: Drill, tmp_path: Path
) -> None:
    gone = str(tmp_path / "no.sock")
    folder = seen_without(ill_certificate, tmp_path / "blind", supervisor_socket=gone)
    said = diagnosed(folder, "network-connectivity", tmp_path / "records")
    assert states(said)["certificate-expired"] == "confirmed"
    assert states(said)["port-taken"] == "not tested"
    assert gone in unknown(said)["api-owner"]
    assert set(unknown(said)) == {"api-owner", "service-restarts"}


def test_without_the_runtime_the_use_of_memory_is_unknown_and_nothing_is_confirmed(
    shared: Drill, tmp_path: Path
) -> None:
    folder = seen_without(shared, tmp_path / "blind", supervisor_socket=str(tmp_path / "no.sock"))
    said = diagnosed(folder, "service-memory", tmp_path / "records")
    assert said["verdict"] == "UNKNOWN"
    assert set(states(said).values()) <= {"not tested", "ruled out"}
    assert states(said)["leak"] == "not tested"
    assert "supervisor" in unknown(said)["memory-growth"]


def test_without_the_key_the_provider_is_reached_and_its_answer_not_tested(
    shared: Drill, tmp_path: Path
) -> None:
    folder = seen_without(shared, tmp_path / "blind", ai_key_file=str(tmp_path / "no-key"))
    said = diagnosed(folder, "ai-service", tmp_path / "records")
    assert states(said)["provider-unreachable"] == "ruled out"
    assert states(said)["quota-exhausted"] == "not tested"
    assert "no-key" in unknown(said)["ai-answer"]


def test_without_the_key_what_the_api_was_told_still_counts(shared: Drill, tmp_path: Path) -> None:
    folder = seen_without(shared, tmp_path / "blind", ai_key_file=str(tmp_path / "no-key"))
    break_(shared, "rate-limited")
    try:
        said = diagnosed(folder, "ai-service", tmp_path / "records")
    finally:
        heal(shared)
    assert [name for name, state in states(said).items() if state == "confirmed"] == [
        "rate-limited"
    ]


def test_without_the_password_the_way_to_the_database_is_judged_and_its_inside_is_not(
    shared: Drill, tmp_path: Path
) -> None:
    folder = seen_without(shared, tmp_path / "blind", db_password_file=str(tmp_path / "no-word"))
    said = diagnosed(folder, "database-connection", tmp_path / "records")
    assert states(said)["process-down"] == "ruled out"
    assert states(said)["lock-contention"] == "not tested"
    assert "no-word" in unknown(said)["database-session"]
    assert "confirmed" not in states(said).values()
