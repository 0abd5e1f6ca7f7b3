"""A drill comes up, can be broken and healed, and leaves nothing, however it ends."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from drills import DRILL, begin_up, is_root, kept, nothing_is_left, run

from drill import processes
from drill.faults import faults
from drill.health import healthy
from drill.place import Drill, Place, read_drill, read_keeper
from drill.wait import until

pytestmark = pytest.mark.drill


def test_up_is_healthy_and_says_where_everything_is(shared: Drill) -> None:
    assert healthy(shared)
    status = json.loads(run("status", "--json", shared.place).stdout)
    assert (status["up"], status["healthy"], status["fault"]) == (True, True, None)
    assert status["state"]["api_url"] == shared.state.api_url


def test_up_again_says_so_and_leaves_the_drill_alone(shared: Drill) -> None:
    again = run("up", shared.place)
    assert again.returncode == 0
    assert "本来就在运行" in again.stdout
    assert read_drill(shared.place) == shared


def test_two_drills_stand_side_by_side(shared: Drill, tmp_path: Path) -> None:
    other = Place(tmp_path / "other")
    try:
        assert run("up", other).returncode == 0
        beside = read_drill(other)
        assert beside is not None
        assert healthy(shared)
        assert healthy(beside)
        run("break", "database-stopped", other)
        assert healthy(shared)
    finally:
        run("down", other)


def test_down_leaves_nothing_and_may_be_said_twice(drill: Drill) -> None:
    keeper = kept(drill.place)
    assert run("down", drill.place).returncode == 0
    assert nothing_is_left(keeper)
    assert run("down", drill.place).returncode == 0
    assert not drill.place.state_file.exists()
    assert not drill.place.secrets.exists()


def test_no_secret_stands_in_the_state_or_on_a_command_line(shared: Drill) -> None:
    secrets = [file.read_text() for file in shared.place.secrets.iterdir()]
    seen = shared.place.state_file.read_text()
    seen += "".join(" ".join(process.cmdline()) for process in processes.standing_in(shared.run))
    assert not [secret for secret in secrets if secret in seen]
    assert {oct(file.stat().st_mode & 0o777) for file in shared.place.secrets.iterdir()} == {
        "0o600"
    }


@pytest.mark.parametrize("moment", ["pg", "pg/data/PG_VERSION", "supervisor.sock"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_an_up_that_ends_half_way_leaves_nothing(
    place: Place, moment: str, end: signal.Signals
) -> None:
    up = begin_up(place)
    keeper = kept(place)
    until(lambda: (Path(keeper.run_dir) / moment).exists(), seconds=5, every=0.005)
    os.kill(up.pid, end)
    assert up.wait(timeout=10) != 0
    assert until(lambda: nothing_is_left(keeper), seconds=10)
    assert until(lambda: not place.folder.exists(), seconds=2)


def test_a_killed_supervisord_takes_everything_with_it(drill: Drill) -> None:
    keeper = kept(drill.place)
    os.kill(int((drill.run / "supervisord.pid").read_text()), signal.SIGKILL)
    assert until(lambda: nothing_is_left(keeper), seconds=10)
    assert read_keeper(drill.place) is None
    assert not drill.place.state_file.exists()


@pytest.mark.parametrize("fault", [None, "database-frozen", "database-killed"])
def test_a_killed_keeper_takes_everything_with_it(drill: Drill, fault: str | None) -> None:
    keeper = kept(drill.place)
    if fault:
        assert run("break", fault, drill.place).returncode == 0
    os.kill(keeper.pid, signal.SIGKILL)
    if fault is None:
        # A frozen server hears nothing; it goes with the next command, as the files do.
        assert until(lambda: not any(processes.standing_in(drill.run)), seconds=10)
    assert "没有正在运行" in run("status", drill.place).stdout
    assert nothing_is_left(keeper)


def test_an_unknown_fault_is_answered_with_the_likely_ones(shared: Drill) -> None:
    mistyped = run("break", "databse-killed", shared.place)
    assert mistyped.returncode == 2
    assert "database-killed" in mistyped.stderr
    assert "runbook drill list" in mistyped.stderr


def test_a_broken_drill_is_not_broken_again(shared: Drill) -> None:
    assert run("break", "api-stopped", shared.place).returncode == 0
    second = run("break", "database-stopped", shared.place)
    assert second.returncode == 2
    assert "api-stopped" in second.stderr
    assert run("heal", shared.place).returncode == 0
    assert run("heal", shared.place).returncode == 0
    assert healthy(shared)


def test_breaking_what_is_not_up_is_refused(place: Place) -> None:
    refused = run("break", "database-stopped", place)
    assert refused.returncode == 2
    assert "runbook drill up" in refused.stderr


def test_a_break_that_is_killed_half_way_can_be_healed(shared: Drill) -> None:
    breaking = subprocess.Popen([*DRILL, "break", "port-dropped", "--dir", shared.place.folder])
    assert until(shared.place.broken_file.exists, seconds=10, every=0.005)
    breaking.kill()
    breaking.wait()
    assert run("heal", shared.place).returncode == 0
    assert healthy(shared)
    assert not shared.place.broken_file.exists()


def test_the_list_is_what_scripts_expect(place: Place) -> None:
    rows = json.loads(run("list", "--json", place).stdout)
    assert [row["fault"] for row in rows] == list(faults())
    keys = {"fault", "scenario", "expected", "title", "needs", "felt_by_all", "available"}
    assert all(set(row) == keys for row in rows)


@pytest.fixture
def home_of_nobody() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
        yield Path(folder)


@pytest.mark.skipif(not is_root(), reason="only root can become somebody else")
def test_an_ordinary_user_can_have_a_drill(home_of_nobody: Path) -> None:
    def as_nobody(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*DRILL, *words, "--dir", home_of_nobody / "drill"],
            user="nobody",
            group=pwd.getpwnam("nobody").pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    try:
        as_nobody("list").check_returncode()
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip("nobody cannot read this virtual environment")
    try:
        assert as_nobody("up").returncode == 0
        assert as_nobody("break", "disk-full").returncode == 2
        assert as_nobody("break", "database-frozen").returncode == 0
        assert as_nobody("heal").returncode == 0
    finally:
        assert as_nobody("down").returncode == 0
