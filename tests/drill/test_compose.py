"""The compose drill, by the command line: it comes up, breaks, heals, and leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drill.compose import images
from drill.compose.deployment import Deployment, home
from drill.compose.engine import docker
from drill.compose.faults import SABOTAGES, available, faults
from drill.compose.folder import project_of
from drill.compose.health import healthy
from drill.compose.up import down
from drill.place import Place
from drill.wait import until
from tests.conftest import Runbook

SCENARIOS = list(dict.fromkeys(fault.scenario for fault in faults().values()))
# One of each kind; the whole table is `make grade-compose`.
SMOKE = (
    "database-paused",
    "inner-names-unheard",
    "volume-full",
    "killed-and-gone",
    "wrong-image",
    "api-detached",
    "upstream-wrong-port",
    "provider-stopped",
)
HERRINGS = ("burst-of-404", "run-once-and-failed", "another-project-is-dead", "lines-of-last-week")

pytestmark = pytest.mark.drill


def diagnose(
    runbook: Runbook, compose: Deployment, records: Path, *scenarios: str
) -> tuple[int, list[dict[str, Any]]]:
    done = runbook(
        *("run", *scenarios, "--target", "drill-compose", "--records", str(records), "--json"),
        RUNBOOK_DRILL_DIR=str(compose.folder.parent),
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def what_is_left_of(place: Place) -> list[str]:
    """Containers, networks, images' names, mounts, devices and files of the drill of that place."""
    project = project_of(place)
    left = docker("ps", "-aq", "--filter", f"label=com.docker.compose.project={project}").split()
    left += docker("ps", "-aq", "--filter", f"label=aura.drill={project}").split()
    left += docker("network", "ls", "-q", "--filter", f"name={project}").split()
    left += docker("images", "-q", f"{project}/*").split()
    left += [
        line
        for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
        if str(home(place)) in line
    ]
    device = f"aura{project[-8:]}".replace("-", "")
    left += [one.name for one in Path("/sys/class/net").iterdir() if one.name == device]
    left += [
        file.read_text(encoding="utf-8")
        for file in Path("/sys/block").glob("loop*/loop/backing_file")
        if str(place.folder) in file.read_text(encoding="utf-8")
    ]
    return [*left, *map(str, [place.folder] if place.folder.exists() else [])]


@pytest.fixture
def place(engine: None, tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "drill")
    yield place
    down(place)


@pytest.fixture
def stranger(engine: None) -> Iterator[str]:
    """A container of somebody else's."""
    images.build((("nginx", "current"),))
    container = docker("run", "-d", images.built("nginx", "current"), "sleep", "300").strip()
    yield container
    docker("rm", "-f", container)


def drill(*words: str, place: Place, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "drill", *words, "--on", "compose", "--dir", place.folder],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def begin_up(place: Place) -> subprocess.Popen[bytes]:
    """An `up` that is at it: its first container is there."""
    words = [sys.executable, "-m", "drill", "up", "--on", "compose", "--dir", str(place.folder)]
    called = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    label = f"label=com.docker.compose.project={project_of(place)}"
    assert until(lambda: bool(docker("ps", "-q", "--filter", label).strip()), seconds=120)
    return called


def test_a_drill_that_is_well_gives_no_alarm(
    compose: Deployment, runbook: Runbook, tmp_path: Path
) -> None:
    code, said = diagnose(runbook, compose, tmp_path, *SCENARIOS)
    odd = [one["observed"] for run in said for one in run["findings"] if one["verdict"] != "PASS"]
    assert odd == [], code
    assert code == 0


def test_what_looks_like_a_fault_gives_no_alarm(
    compose: Deployment, runbook: Runbook, tmp_path: Path
) -> None:
    for name in HERRINGS:
        SABOTAGES[name].inject(compose)
        assert until(lambda name=name: SABOTAGES[name].holds(compose), seconds=20)  # type: ignore[misc]
    code, said = diagnose(runbook, compose, tmp_path, *SCENARIOS)
    odd = [one["observed"] for run in said for one in run["findings"] if one["verdict"] != "PASS"]
    assert odd == [], code
    assert code == 0


@pytest.mark.parametrize("name", SMOKE)
def test_a_fault_of_containers_is_confirmed_as_its_cause_and_heals(
    name: str, compose: Deployment, runbook: Runbook, tmp_path: Path
) -> None:
    fault, place = faults()[name], Place(compose.folder.parent)
    if not available(fault, compose):
        pytest.skip(f"this fault needs {fault.needs}")
    broken = drill("break", name, place=place)
    try:
        assert broken.returncode == 0, broken.stderr
        code, said = diagnose(runbook, compose, tmp_path, fault.scenario)
    finally:
        healed = drill("heal", place=place)
    assert healed.returncode == 0, healed.stderr
    confirmed = {one["id"] for one in said[0]["causes"] if one["state"] == "confirmed"}
    assert (code, confirmed) == (3, set(fault.expected)), said[0]["findings"]
    assert healthy(compose)


def test_every_fault_is_described_and_can_be_put_in() -> None:
    assert set(faults()) == set(SABOTAGES)
    assert sum(bool(one.expected) for one in faults().values()) >= 40
    assert sum(not one.expected for one in faults().values()) >= 15


def test_heal_makes_good_what_nobody_told_it_of(compose: Deployment) -> None:
    place = Place(compose.folder.parent)
    docker("rm", "-f", compose.container("postgres"), compose.container("nginx"))
    docker("pause", compose.container("api"))
    docker("network", "disconnect", "-f", compose.network, compose.container("ai"))
    compose.file("nginx/nginx.conf").write_text("htp {}", encoding="utf-8")
    compose.file(".env").write_text("", encoding="utf-8")
    (compose.disk / "pg" / "PG_VERSION").unlink(missing_ok=True)
    for _ in range(2):
        healed = drill("heal", place=place)
        assert healed.returncode == 0, healed.stderr
    assert healthy(compose)


def test_up_and_down_with_the_younger_compose_leave_nothing(place: Place, stranger: str) -> None:
    younger = {"RUNBOOK_COMPOSE": "docker compose"}
    if subprocess.run(
        ["docker", "compose", "version"], capture_output=True, check=False
    ).returncode:
        reason = "the plugin docker compose is not installed"
        if os.environ.get("RUNBOOK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    for _ in range(2):
        came = drill("up", place=place, **younger)
        assert came.returncode == 0, came.stderr
    docker("pause", f"{project_of(place)}-api-1")
    docker("network", "connect", f"{project_of(place)}_aura", stranger)
    assert drill("down", place=place, **younger).returncode == 0
    assert what_is_left_of(place) == []
    assert drill("down", place=place).returncode == 0


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_up_that_is_called_off_leaves_nothing(place: Place, signal_number: int) -> None:
    called = begin_up(place)
    called.send_signal(signal_number)
    assert called.wait(timeout=60) != 0
    assert what_is_left_of(place) == []


def test_down_clears_away_what_an_up_that_was_killed_has_left(place: Place) -> None:
    called = begin_up(place)
    called.kill()
    called.wait(timeout=60)
    assert what_is_left_of(place) != []
    assert drill("down", place=place).returncode == 0
    assert what_is_left_of(place) == []


def test_without_docker_it_says_what_to_do(engine: None, tmp_path: Path) -> None:
    place = Place(tmp_path / "drill")
    came = drill("up", place=place, PATH=str(tmp_path))
    assert (came.returncode, "--on embedded" in came.stderr) == (2, True)
    came = drill("up", place=place, DOCKER_HOST=f"unix://{tmp_path}/nobody.sock")
    assert (came.returncode, "dockerd" in came.stderr) == (2, True)


def test_the_table_can_be_read_by_a_script_without_a_drill(tmp_path: Path) -> None:
    listed = drill("list", "--json", place=Place(tmp_path / "drill"))
    assert [one["fault"] for one in json.loads(listed.stdout)] == list(faults())
