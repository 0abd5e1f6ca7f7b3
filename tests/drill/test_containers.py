"""What only containers have, seen on a living compose drill that is left as it was found."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.wait import until
from runbook.catalog import load
from runbook.evidence import take
from runbook.model import CauseState, Target, Verdict
from runbook.probes import PROBES
from runbook.triage import triage
from tests.conftest import ROOT

pytestmark = pytest.mark.drill

SCENARIOS = ("database-connection", "service-memory", "network-connectivity", "ai-service")


@pytest.fixture
def at_home(compose: Deployment, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """The drill as the one that the target `drill-compose` means."""
    monkeypatch.setenv("RUNBOOK_DRILL_DIR", str(compose.folder.parent))
    return compose


def causes() -> dict[str, list[str]]:
    """The confirmed causes of each scenario, as one look at the drill tells them."""
    return {
        one.scenario: [cause.id for cause in one.in_state(CauseState.CONFIRMED)]
        for one in triage(load(ROOT), "drill-compose", 20.0)
    }


def well() -> bool:
    found = triage(load(ROOT), "drill-compose", 20.0)
    return all(one.verdict is Verdict.PASS for one in found)


def test_a_healthy_deployment_raises_nothing(at_home: Deployment) -> None:
    assert until(well, seconds=60, every=1)
    assert causes() == {scenario: [] for scenario in SCENARIOS}


def test_a_container_is_known_by_its_labels_whatever_it_is_called(at_home: Deployment) -> None:
    container = at_home.container("api")
    name = docker("inspect", "-f", "{{.Name}}", container).strip().lstrip("/")
    docker("rename", container, f"{at_home.state.project}-strange")
    try:
        assert until(well, seconds=30, every=1)
    finally:
        docker("rename", container, name)


@pytest.mark.parametrize(
    ("service", "scenario", "cause"),
    [
        ("postgres", "database-connection", "database-paused"),
        ("nginx", "network-connectivity", "nginx-paused"),
        ("ai", "ai-service", "provider-paused"),
    ],
)
def test_who_is_paused_is_said_to_be(
    at_home: Deployment, service: str, scenario: str, cause: str
) -> None:
    assert until(well, seconds=60, every=1)
    container = at_home.container(service)
    docker("pause", container)
    try:
        assert causes()[scenario][0] == cause
    finally:
        docker("unpause", container)
    assert until(well, seconds=60, every=1)


def test_what_the_probes_ask_starts_nothing_that_stays(at_home: Deployment) -> None:
    assert until(well, seconds=60, every=1)

    def processes() -> list[str]:
        return sorted(
            line
            for service in ("api", "nginx")
            for line in docker("top", at_home.container(service), "-eo", "pid,cmd").splitlines()
            if "bash" in line or "getent" in line
        )

    take(load(ROOT).target("drill-compose"), PROBES, 20.0)
    assert until(lambda: not processes(), seconds=10, every=0.5)


@pytest.fixture
def behind_ssh(
    at_home: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Target]:
    """The drill's target with its engine behind an sshd of our own."""
    sshd = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin")
    if sshd is None:
        if os.environ.get("RUNBOOK_REQUIRE_ALL"):
            pytest.fail("没有 sshd：apt-get install openssh-server")
        pytest.skip("没有 sshd：apt-get install openssh-server")
    for name in ("host", "me"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(words, check=True)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    (tmp_path / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nPidFile none\n"
        f"AuthorizedKeysFile {tmp_path}/me.pub\nStrictModes no\nUsePAM no\n"
    )
    (tmp_path / "config").write_text(
        f"IdentityFile {tmp_path}/me\nUserKnownHostsFile {tmp_path}/known\n"
        "StrictHostKeyChecking accept-new\n"
    )
    # ssh reads its own files by the account, never by HOME.
    (tmp_path / "bin").mkdir()
    wrapper = tmp_path / "bin" / "ssh"
    wrapper.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {tmp_path}/config "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    with suppress(FileExistsError):
        Path("/run/sshd").mkdir()
    server = subprocess.Popen([sshd, "-D", "-f", str(tmp_path / "sshd_config")])

    def listens() -> bool:
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert until(listens, seconds=10, every=0.1)
        target = load(ROOT).target("drill-compose")
        assert isinstance(target, Target)
        host = f"ssh://root@127.0.0.1:{port}"
        runtime = target.runtime.model_copy(update={"host": host})
        yield target.model_copy(update={"runtime": runtime})
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 能让 sshd 放自己进来")
def test_from_afar_the_engine_tells_what_it_can_and_the_rest_is_unknown(
    behind_ssh: Target,
) -> None:
    names = ["api-live", "services", "containers", "database-name", "database-disk", "oom-kills"]
    seen = {one.probe: one for one in take(behind_ssh, [*names, "database-session"], 40.0)}
    assert {name: seen[name].error for name in names[:5]} == dict.fromkeys(names[:5])
    assert seen["api-live"].saw["status"] == 200
    assert "不在这台机器上" in str(seen["oom-kills"].error)
    assert "没有发布到主机上" in str(seen["database-session"].error)


def test_a_host_that_lets_nobody_in_is_a_reason(at_home: Deployment) -> None:
    target = load(ROOT).target("drill-compose")
    assert isinstance(target, Target)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        host = f"ssh://root@127.0.0.1:{nobody.getsockname()[1]}"
    runtime = target.runtime.model_copy(update={"host": host})
    far = target.model_copy(update={"runtime": runtime})
    (evidence,) = take(far, ["services"], 10.0)
    assert "连不上 Docker 所在的主机" in str(evidence.error)
