"""What the tests share: the project's root, a copy of it to spoil, and the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drill.compose.deployment import Deployment
from drill.compose.engine import require
from drill.compose.up import down, up
from drill.place import Place
from runbook.errors import BadInput

ROOT = Path(__file__).parents[1]

Runbook = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A project of its own, to spoil."""
    for name in ("data", "docs", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def runbook() -> Runbook:
    """Runs the command line as a responder would, in a process of its own."""

    def call(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "runbook", *words],
            cwd=cwd,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def engine() -> None:
    """Docker answers, and compose is there."""
    try:
        require()
    except BadInput as reason:
        if os.environ.get("RUNBOOK_REQUIRE_ALL"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def compose(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The one compose drill of all tests; each leaves it as it found it, or healed."""
    place = Place(tmp_path_factory.mktemp("compose") / "drill")
    yield up(place, progress=print)
    down(place)
