"""The differences that a real deployment of Aura Flow has from its own runbook, each found."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from deployments import CASES

from drill.compose import images
from drill.compose.engine import composer, ran
from drill.preparation import free_ports
from drill.wait import until
from runbook.errors import Exit
from tests.conftest import Runbook

KNOWN = {
    "the database is called db, not postgres": ("no_service", "postgres"),
    "there is no frontend": ("no_service", "frontend"),
    "the health routes are mounted elsewhere": ("no_route", "/health/readyz"),
    "there is no route of what AI costs": ("no_route", "/monitoring/ai/cost"),
    "only nginx publishes a port": ("port_unpublished", "3001"),
    "no memory limit is set": ("no_limit", "api"),
    "readiness waits for AI longer than anybody waits for readiness": ("readiness_waits", "5."),
    "the script that verifies waits for another word": ("script_word", "healthy"),
    "the script that verifies looks for another check": ("script_check", "aiProvider"),
    "a health check asks a route that is not there": ("health_route", "/healthz"),
    "a fixed name cannot be scaled": ("fixed_name", "-backend"),
    "a rollback without a terminal is cancelled and ends with 0": ("cancels_quietly", "rollback"),
    "what is exported does not reach the API": ("not_passed", "AI_PROVIDER"),
}


@pytest.fixture(scope="module")
def found(
    engine: None, tmp_path_factory: pytest.TempPathFactory, runbook: Runbook
) -> Iterator[tuple[int, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("known")
    with deployed(folder) as compose:
        assert until(lambda: "unhealthy" in compose("ps"), seconds=30, every=0.3)
        records = str(folder / "records")
        done = runbook(
            *("check", "--target", "drill-compose", "--json", "--records", records),
            RUNBOOK_DRILL_DIR=str(folder),
        )
        yield done.returncode, json.loads(done.stdout)


@contextmanager
def deployed(folder: Path) -> Iterator[Callable[..., str]]:
    """The deployment runs, from the folder the target is told of; then nothing is left of it."""
    images.build((("api", "current"),))
    project = "aura-known-" + hashlib.sha256(str(folder).encode()).hexdigest()[:6]
    home = folder / "compose"
    shutil.copytree(CASES / "known", home)
    shutil.copy(CASES.parents[2] / "drill/compose/site/scripts/alert-webhook.sh", home / "scripts")
    (port,) = free_ports(1)
    settings = {
        "COMPOSE_PROJECT_NAME": project,
        "PROJECT": project,
        "IMAGE": images.built("api", "current"),
        "EDGE_PORT": port,
    }
    (home / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    state = json.loads((CASES / "state.json").read_text())
    for name in ("edge_ca_file", "db_password_file", "ai_key_file"):
        state[name] = str(home / name)
        (home / name).write_text("not a secret")
    state |= {"project": project, "directory": str(home), "edge_port": port}
    state["edge_url"] = f"https://api.yourdomain.com:{port}"
    (home / "state.json").write_text(json.dumps(state))

    def compose(*words: str) -> str:
        return ran([*composer(), *words], cwd=home, check=False)

    try:
        compose("up", "-d")
        yield compose
    finally:
        compose("down", "-t", "0", "-v", "--remove-orphans")


@pytest.mark.parametrize("difference", KNOWN)
def test_each_known_difference_is_found(difference: str, found: tuple[int, dict[str, Any]]) -> None:
    code, named = KNOWN[difference]
    told = [one for one in found[1]["drift"] if one["code"] == code]
    assert any(named in one["found"] or named in one["name"] for one in told), told
    for one in told:
        assert one["where"].startswith(("data/", "docs/")) and one["why"]


def test_what_drifted_ends_with_three_and_nothing_was_changed(
    found: tuple[int, dict[str, Any]],
) -> None:
    assert found[0] == Exit.CAUSE_FOUND
    assert found[1]["claims"] > 200
    assert {one["kind"] for one in found[1]["unseen"]} <= {
        "database",
        "user",
        "privilege",
        "program",
        "metric",
    }
