"""What is refused is refused with a reason, before anything is touched or written."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from houses import House

from drill.place import Place, read_drill
from drill.wait import until
from runbook.acting.lock import take
from runbook.acting.remedy import act, look, open_remedy
from runbook.catalog import load
from runbook.errors import BadInput
from runbook.records.incident import incident_of
from runbook.records.tokens import token_key
from tests.conftest import ROOT, Runbook

DRILL = ("--target", "drill")
pytestmark = pytest.mark.drill


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("restrat", "api"), "是不是想写 restart"),
        (("logs", "api"), "只看不改"),
        (("restart",), "哪个服务没有写"),
        (("restart", "apii"), "是不是想写 api"),
        (("restart", "../../etc"), "没有可以 restart 的服务"),
        (("restart", "frontend"), "没有可以 restart 的服务"),
        (("restart", "api", "--tag", "stable"), "没有选项 --tag"),
        (("scale", "api"), "由 supervisor 运行，做不了 scale"),
        (("rollback", "full"), "由 supervisor 运行，做不了 rollback-full"),
        (("rollback", "ful"), "没有动作 rollback ful"),
        (("rollback", "full", "--tag", "a;reboot"), "标签"),
        (("rollback", "full", "--reason", "x\ny"), "原因"),
        (("scale", "api", "--replicas", "0"), "应为 1 到 20"),
        (("switch", "mock", "api"), "命令写得不对"),
        (("restart", "api", "--target", "production"), "没有写明部署目录"),
        (("restart", "api", "--target", "drills"), "drill-compose"),
        (("restart", "api", "--incident", "../x"), "应为 INC-YYYYMMDD-NN"),
        (("restart", "api", "--yes"), "命令写得不对"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    words: tuple[str, ...], said: str, house: House
) -> None:
    target = () if "--target" in words else DRILL
    done = house.act(*words, *target)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert said in done.stderr
    assert not house.records.exists()


def test_a_target_that_is_not_there_is_refused(runbook: Runbook, tmp_path: Path) -> None:
    done = runbook("act", "restart", "api", *DRILL, RUNBOOK_DRILL_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "没有在运行" in done.stderr


def test_a_dry_run_says_the_exact_command_and_does_nothing(house: House) -> None:
    begun = state_of(house)
    done = house.act("restart", "api", *DRILL, "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    socket = socket_of(house)
    argv = ["supervisorctl", "-s", f"unix://{socket}", "restart", "api"]
    facts = json.loads(done.stdout)
    assert facts["argv"] == argv
    assert " ".join(argv) in done.stderr and "抹掉" in done.stderr
    assert not house.records.exists()
    assert state_of(house) == begun


def state_of(house: House) -> str:
    socket = f"unix://{socket_of(house)}"
    words = [str(Path(sys.executable).parent / "supervisorctl"), "-s", socket, "pid", "api"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def socket_of(house: House) -> str:
    drill = read_drill(Place(house.place))
    assert drill is not None
    return drill.state.supervisor_socket


def in_terminal(house: House, typed: str) -> tuple[int, str]:
    """`runbook act` in a terminal at which a person types; its exit code and what is on screen."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "runbook", "act", "restart", "api", *DRILL],
        cwd=house.root,
        env=house.environment,
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
    )
    os.close(its)
    shown, answered = b"", False
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:
            break
        shown += more
        if not answered and "就输入目标的名字".encode() in shown:
            answered = True
            os.write(ours, f"{typed}\n".encode())
    return process.wait(timeout=60), shown.decode()


def test_a_production_target_is_acted_on_only_by_the_word_of_a_person(house: House) -> None:
    house.change("targets", drill={"labels": {"production": True, "drill": True}})
    begun = state_of(house)
    done = house.act("restart", "api", *DRILL)
    assert done.returncode == 2
    assert "要有人在终端里当面输入目标名" in done.stderr
    piped = subprocess.run(
        [sys.executable, "-m", "runbook", "act", "restart", "api", *DRILL],
        cwd=house.root,
        env=house.environment,
        input="drill\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert piped.returncode == 2
    for wrong in ("yes", "production", ""):
        code, shown = in_terminal(house, wrong)
        assert (code, "输入的不是 drill" in shown) == (2, True)
    assert state_of(house) == begun
    assert not house.records.exists()
    code, shown = in_terminal(house, "drill")
    assert (code, "有效" in shown) == (0, True), shown
    assert state_of(house) != begun


def test_plain_papermill_does_not_act_on_a_production_target(house: House, tmp_path: Path) -> None:
    house.change("targets", drill={"labels": {"production": True, "drill": True}})
    begun, output = state_of(house), tmp_path / "out.ipynb"
    done = papermill(house, output)
    assert done.returncode != 0
    assert "没有人可问" in output.read_text(encoding="utf-8")
    assert state_of(house) == begun
    (refused,) = incident_of(house.incident).actions
    assert refused.outcome == "refused"


def papermill(house: House, output: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "papermill", "--no-progress-bar"),
            *(str(house.root / "notebooks" / "remediation.ipynb"), str(output)),
        ],
        cwd=house.root,
        # What a parent would tell a kernel, told by nobody.
        env={**house.environment, "RUNBOOK_LOCK": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_by_hand_an_action_keeps_the_same_rules_and_leaves_its_events(
    house: House, tmp_path: Path
) -> None:
    begun = state_of(house)
    done = papermill(house, tmp_path / "out.ipynb")
    assert done.returncode == 0, done.stderr
    assert state_of(house) != begun
    (acted,) = incident_of(house.incident).actions
    assert acted.outcome == "effective"
    assert house.runbook("verify", house.incident.name).returncode == 0


def test_while_somebody_acts_a_second_is_told_who_and_a_dead_holder_frees_the_target(
    house: House,
) -> None:
    script = house.root / "slow.sh"
    script.write_text("#!/bin/sh\nsleep 600\n", encoding="utf-8")
    script.chmod(0o755)
    house.restart_by(script, {"limit": 300})
    first = house.begin("restart", "api", *DRILL, "--by", "张三")
    assert until(lambda: bool(list(house.records.glob("*/*.before.json"))), seconds=60)
    second = house.act("start", "api", *DRILL)
    assert second.returncode == 2, second.stderr
    for word in ("张三", "重启 api", str(first.pid)):
        assert word in second.stderr
    assert until(lambda: any(incident_of(house.incident).acting), seconds=30)
    first.kill()
    first.wait()
    command = command_of(script)
    # The command has outlived who began it: the target is not free as long as it goes on.
    assert house.act("start", "api", *DRILL).returncode == 2
    os.killpg(command, 9)
    assert until(lambda: free(house), seconds=20)


def command_of(script: Path) -> int:
    found = [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and str(script).encode() in cmdline(one)
    ]
    return os.getpgid(found[0])


def cmdline(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def free(house: House) -> bool:
    try:
        catalog = load(ROOT)
        now = __import__("datetime").datetime.now(catalog.rotation.tz)
        os.close(take(house.records, "drill", "-", "-", now, False))
    except BadInput:
        return False
    return True


@pytest.mark.parametrize("how", ["gone", "changed", "empty"])
def test_without_evidence_on_the_disk_nothing_is_done(
    how: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in house.environment.items():
        monkeypatch.setenv(name, value)
    load.cache_clear()
    begun = state_of(house)
    before = look(open_remedy("restart api", "drill"))
    token_key(house.records, house.incident.name)
    if how == "gone":
        before.safe.file.unlink()
    else:
        before.safe.file.write_text("{}" if how == "changed" else "", encoding="utf-8")
    with pytest.raises(BadInput, match="证据没有存好"):
        act(before)
    os.close(before.lock)
    assert state_of(house) == begun
    incident = incident_of(house.incident)
    assert [one.outcome for one in incident.actions] == ["refused"]
    assert incident.acting == []
