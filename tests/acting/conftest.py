"""A drill to act on, and a project that does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from houses import House

from drill.place import Drill, Place
from drill.up import down, up


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    place = Place(tmp_path_factory.mktemp("acting") / "drill")
    yield up(place, progress=lambda _: None)
    down(place)


@pytest.fixture
def house(copy: Path, drill: Drill) -> Iterator[House]:
    """Its evidence is what is quickest to see, and its effect is not waited for long."""
    found = House(copy, drill.place.folder)
    facts = {"evidence": ["ai-service"], "effect": {"kind": "restarted", "within": 6}, "limit": 20}
    found.change("actions", restart=facts)
    yield found
    socket = f"unix://{drill.state.supervisor_socket}"
    subprocess.run(
        [str(Path(sys.executable).parent / "supervisorctl"), "-s", socket, "start", "api"],
        stdout=subprocess.DEVNULL,
        check=False,
    )
