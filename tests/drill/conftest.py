"""Drills for the tests: each in a folder of its own, gone when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from drills import run

from drill.place import Drill, Place, read_drill
from drill.up import down, up


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "drill")
    yield place
    down(place)


@pytest.fixture
def drill(place: Place) -> Drill:
    assert run("up", place).returncode == 0
    drill = read_drill(place)
    assert drill is not None
    return drill


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """One drill for the tests that leave it as they found it."""
    place = Place(tmp_path_factory.mktemp("shared") / "drill")
    yield up(place, progress=lambda _: None)
    down(place)
