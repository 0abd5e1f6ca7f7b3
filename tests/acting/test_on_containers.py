"""Every action does to real containers what it says, and what only says so is called failed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from houses import House

from drill.compose.database import psql
from drill.compose.deployment import Deployment, inspect
from drill.compose.mending import mend
from tests.conftest import ROOT

CASES = sorted((ROOT / "tests" / "cases" / "acting" / "compose").glob("*.sh"))
TARGET = ("--target", "drill-compose", "--json")
pytestmark = pytest.mark.drill


@pytest.fixture
def house(copy: Path, compose: Deployment) -> Iterator[House]:
    """Its evidence is what is quickest to see."""
    found = House(copy, compose.folder.parent)
    actions = ("restart", "scale", "rollback-full", "rollback-nginx", "rollback-database")
    for name in (*actions, "switch-mock", "switch-back"):
        found.change("actions", **{name: {"evidence": ["ai-service"]}})
    yield found
    mend(compose, None)


def acted(house: House, words: str, code: int = 0) -> dict[str, Any]:
    done = house.act(*shlex.split(words), *TARGET)
    assert done.returncode == code, done.stdout + done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def running(compose: Deployment, service: str) -> list[dict[str, Any]]:
    found = inspect(*compose.compose("ps", "-q", service).split())
    return [one for one in found if one["State"]["Status"] == "running"]


def served(compose: Deployment) -> str:
    cost = f"{compose.state.api_url}/monitoring/ai/cost"
    words = ["curl", "-fsS", "--retry", "5", "--retry-all-errors", cost]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["provider"])


def undone(house: House, facts: dict[str, Any]) -> dict[str, Any]:
    """What became of the action that undoes it, as it is offered."""
    words = facts["undo"].removeprefix("runbook act ").replace("--target drill-compose", "")
    return acted(house, words)


def test_a_restart_gives_every_replica_another_start(house: House, compose: Deployment) -> None:
    compose.compose("up", "-d", "--scale", "api=2")
    before = {one["State"]["StartedAt"] for one in running(compose, "api")}
    acted(house, "restart api")
    after = {one["State"]["StartedAt"] for one in running(compose, "api")}
    assert len(before) == len(after) == 2
    assert not before & after


def test_what_was_scaled_and_switched_stays_so_through_another_action(
    house: House, compose: Deployment
) -> None:
    scaled = acted(house, "scale api --replicas 2")
    assert len(running(compose, "api")) == 2
    switched = acted(house, "switch mock")
    assert (len(running(compose, "api")), served(compose)) == (2, "mock")
    rolled = acted(house, "rollback full --reason 演练")
    images = {one["Config"]["Image"].rpartition("/")[2] for one in running(compose, "api")}
    assert images == {"api:stable"}
    assert (len(running(compose, "api")), served(compose)) == (2, "mock")
    again = acted(house, "rollback full", 2)
    assert "已经是要的样子" in again["why"]
    undone(house, rolled)
    undone(house, switched)
    assert served(compose) == "openai"
    undone(house, scaled)
    images = {one["Config"]["Image"].rpartition("/")[2] for one in running(compose, "api")}
    assert (len(running(compose, "api")), images) == (1, {"api:current"})


def test_the_database_is_restored_from_its_backup_and_back_again(
    house: House, compose: Deployment
) -> None:
    asked = "SELECT count(*) FROM workflows WHERE title = 'since the backup'"
    psql(compose, "INSERT INTO workflows (title, document) VALUES ('since the backup', '')", "aura")
    facts = acted(house, "rollback database")
    assert re.search(r"已从 backups/aura-\d+-\d+.dump 恢复", facts["output"])
    assert psql(compose, asked, "aura") == "0"
    undone(house, facts)
    assert psql(compose, asked, "aura") == "1"


def test_nginx_serves_the_other_configuration_and_back_again(
    house: House, compose: Deployment
) -> None:
    file = compose.file("nginx/nginx.conf")
    before = file.read_text(encoding="utf-8")
    facts = acted(house, "rollback nginx")
    assert file.read_text(encoding="utf-8") == compose.file("nginx/nginx.conf.stable").read_text()
    undone(house, facts)
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("script", CASES, ids=lambda script: script.stem)
def test_a_command_that_only_says_so_has_failed(script: Path, house: House) -> None:
    told = dict(re.findall(r"^# (\w+): (.*)$", script.read_text(encoding="utf-8"), re.M))
    words = told["action"].split()
    name = "-".join(words[:2]) if words[0] in ("rollback", "switch") else words[0]
    effect = {"scale": "replicas", "switch": "provider"}.get(words[0])
    facts: dict[str, Any] = {"commands": {"docker-compose": [str(script)]}}
    kind = effect or {"full": "image", "nginx": "configuration", "database": "restored"}[words[1]]
    wanted = {"wanted": "mock"} if kind == "provider" else {}
    house.change("actions", **{name: {**facts, "effect": {"kind": kind, "within": 12, **wanted}}})
    failed = acted(house, told["action"], int(told["exit"]))
    assert told["says"] in failed["why"]
    assert failed["exit"] == 0


def test_what_cannot_be_restored_leaves_what_there_was(house: House, compose: Deployment) -> None:
    broken = compose.file("backups/broken.dump")
    broken.write_text("PGDMP, or so it says", encoding="utf-8")
    compose.file("nginx/nginx.conf.broken").write_text("http {", encoding="utf-8")
    for words in ("rollback database --tag broken", "rollback nginx --tag broken"):
        assert acted(house, words, 3)["exit"] == 1
    # The newest backup is what a rollback without a tag takes.
    broken.unlink()
    assert acted(house, "rollback full --tag never-built", 3)["exit"] == 1
    assert int(psql(compose, "SELECT count(*) FROM quota", "aura")) > 0
    assert served(compose) == "openai"


@pytest.mark.parametrize("kind", ["full", "database", "nginx"])
def test_the_script_does_nothing_without_a_terminal_and_says_so(
    kind: str, compose: Deployment
) -> None:
    done = subprocess.run(
        ["scripts/rollback.sh", "--type", kind, "--reason", "没有终端"],
        cwd=compose.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--yes" in done.stderr
    log = compose.file("logs/rollback.log").read_text(encoding="utf-8")
    assert log.splitlines()[-1].endswith("拒绝：没有终端")
