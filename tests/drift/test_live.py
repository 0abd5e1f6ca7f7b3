"""The compose drill compared as it stands: clean it has no drift, what is done to it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.health import healthy
from drill.wait import until
from runbook.errors import Exit
from tests.conftest import Runbook

Told = tuple[int, dict[str, Any]]


class Done(NamedTuple):
    """What is done to the drill, how it is taken back, and the code that must be told of it."""

    do: Callable[[Deployment], object]
    undo: Callable[[Deployment], object]
    code: str


def on_api(*words: str) -> Callable[[Deployment], object]:
    return lambda drill: docker(*(drill.container("api") if one == "API" else one for one in words))


def tag(drill: Deployment, *, there: bool) -> None:
    name = f"{drill.state.project}/frontend:stable"
    if there:
        docker("tag", f"{drill.state.project}/frontend:kept", name)
        docker("rmi", "--no-prune", f"{drill.state.project}/frontend:kept")
    else:
        docker("tag", name, f"{drill.state.project}/frontend:kept")
        docker("rmi", "--no-prune", name)


def original(drill: Deployment) -> str:
    return f"{drill.state.project}_api_1"


DONE = {
    "a container was stopped": Done(
        lambda drill: docker("stop", "-t", "1", drill.container("frontend")),
        lambda drill: docker("start", drill.container("frontend")),
        "not_running",
    ),
    "a container was given another name": Done(
        on_api("rename", "API", "backend-by-hand"),
        lambda drill: docker("rename", drill.container("api"), original(drill)),
        "renamed",
    ),
    "a limit was changed by hand": Done(
        on_api("update", "--memory", "300m", "--memory-swap", "300m", "API"),
        on_api("update", "--memory", "320m", "--memory-swap", "320m", "API"),
        "not_applied",
    ),
    "a container was put into another network": Done(
        on_api("network", "connect", "bridge", "API"),
        on_api("network", "disconnect", "bridge", "API"),
        "in_another_network",
    ),
    "the image to go back to is gone": Done(
        lambda drill: tag(drill, there=False), lambda drill: tag(drill, there=True), "no_image"
    ),
}
EDITED = {
    "a service was renamed": ("docker-compose.yml", r"^  ai:$", "  provider:", "no_service"),
    "a name was fixed": (
        "docker-compose.yml",
        r"^  api:$",
        "  api:\n    container_name: api",
        "fixed_name",
    ),
    "the file was broken": ("docker-compose.yml", r"^services:$", "services: [", "compose_refused"),
    "another release waits to be started": (
        ".env",
        "API_TAG=current",
        "API_TAG=stable",
        "not_applied",
    ),
    "the folder is another project's": (
        ".env",
        r"COMPOSE_PROJECT_NAME=.*",
        "COMPOSE_PROJECT_NAME=nobodys",
        "other_project",
    ),
    "a script lost a flag": ("scripts/verify-deploy.sh", r"--api-url\)", "--url)", "no_flag"),
    "a script asks a route that is not there": (
        "scripts/verify-deploy.sh",
        r"/readyz",
        "/ready",
        "script_route",
    ),
}


@pytest.fixture
def told(compose: Deployment, runbook: Runbook, tmp_path: Path) -> Callable[[], Told]:
    def check() -> Told:
        done = runbook(
            *("check", "--target", "drill-compose", "--json", "--records", str(tmp_path)),
            RUNBOOK_DRILL_DIR=str(compose.folder.parent),
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return done.returncode, found

    return check


def codes(told: Told, drill: Deployment) -> set[str]:
    """What was told, but for the port: where another drill has 3001 this one has another."""
    moved = {"port_unpublished", "script_port"} if drill.state.api_port != 3001 else set()
    return {one["code"] for one in told[1]["drift"]} - moved


def test_a_clean_drill_has_no_drift_and_all_of_it_was_seen(
    compose: Deployment, told: Callable[[], Told], tmp_path: Path
) -> None:
    assert until(lambda: healthy(compose), seconds=30, every=0.3)
    code, found = told()
    assert codes((code, found), compose) == set(), found["drift"]
    assert found["unseen"] == found["elsewhere"] == []
    if compose.state.api_port == 3001:
        assert code == Exit.PASS
    kept = (tmp_path / "drift" / "drill-compose.json").read_text(encoding="utf-8")
    assert not any(compose.secret(name) in kept for name in ("db-password", "ai-key"))


@pytest.mark.parametrize("name", DONE)
def test_what_was_done_to_a_container_is_told(
    name: str, compose: Deployment, told: Callable[[], Told]
) -> None:
    done = DONE[name]
    done.do(compose)
    try:
        assert done.code in codes(told(), compose)
    finally:
        done.undo(compose)
        assert until(lambda: healthy(compose), seconds=30, every=0.3)


@pytest.mark.parametrize("name", EDITED)
def test_what_was_edited_in_the_folder_is_told(
    name: str, compose: Deployment, told: Callable[[], Told]
) -> None:
    file, before, after, code = EDITED[name]
    with edited(compose.file(file), before, after):
        assert code in codes(told(), compose)


@contextmanager
def edited(file: Path, before: str, after: str) -> Iterator[None]:
    kept = file.read_text(encoding="utf-8")
    assert re.search(before, kept, re.MULTILINE)
    file.write_text(re.sub(before, lambda _: after, kept, flags=re.MULTILINE), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(kept, encoding="utf-8")
