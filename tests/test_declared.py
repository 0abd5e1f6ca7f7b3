"""Either compose says the same of a deployment: its images, limits, and how many of each."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from runbook.probes.compose import declared
from tests.conftest import ROOT

ENVIRONMENT = """\
IMAGES=aura
API_TAG=current
FRONTEND_TAG=stable
API_PORT=3001
EDGE_PORT=443
EDGE_BIND=127.0.0.1
SUBNET=10.64.0.0/24
PGDATA=./pgdata
"""


@pytest.mark.parametrize("program", [("docker", "compose"), ("docker-compose",)], ids=" ".join)
def test_the_compose_file_is_read_with_either_compose(
    program: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not _there(program):
        reason = f"{' '.join(program)} is not installed"
        (pytest.fail if os.environ.get("RUNBOOK_REQUIRE_ALL") else pytest.skip)(reason)
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "drill" / "compose" / "site", folder)
    (folder / ".env").write_text(ENVIRONMENT)
    monkeypatch.setattr(declared, "_COMPOSERS", (program,))
    said = declared._config(str(folder), "aura", 10)["services"]
    found = {name: declared._declared(one) for name, one in said.items()}
    assert found["api"].image == "aura/api:current"
    assert found["frontend"].image == "aura/frontend:stable"
    assert found["api"].limit == 320 * 1024 * 1024
    assert {one.replicas for one in found.values()} == {1}


def _there(program: tuple[str, ...]) -> bool:
    try:
        return (
            subprocess.run([*program, "version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False
