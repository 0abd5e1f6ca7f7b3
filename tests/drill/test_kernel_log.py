"""What the kernel killed is found in its log, even when it kills faster than it explains."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drill import confinement
from runbook.catalog import load
from runbook.model.target import Runtime
from runbook.probes.kernel import oom_kills

MANY = 14  # in five seconds the kernel explains ten (oom_kill_process in mm/oom_kill.c)
EATER = """
import os, sys
with open(sys.argv[1], "w") as procs:
    procs.write(str(os.getpid()))
eaten = b"x" * (64 << 20)
"""


@pytest.fixture
def small() -> Iterator[Path]:
    """A cgroup with room for no program at all."""
    if not confinement.possible():
        pytest.skip("memory can be limited by root only")
    run = Path(f"aura-trial-{os.getpid()}")
    confinement.confine(run)
    yield confinement.make(run, "api", 16 * 1024 * 1024)
    confinement.dissolve(run)


def test_everybody_the_kernel_killed_is_found_however_many_there_were(small: Path) -> None:
    words = [sys.executable, "-c", EATER, str(small / "cgroup.procs")]
    eaters = [subprocess.Popen(words) for _ in range(MANY)]
    assert {eater.wait() for eater in eaters} == {-9}
    catalog = load(Path(__file__).parents[2])
    host = catalog.target(catalog.production).model_copy(
        update={"runtime": Runtime(kind="supervisor")}
    )
    kills: Any = oom_kills(host, limit=10)["kills"]
    assert {eater.pid for eater in eaters} <= {kill["pid"] for kill in kills}
