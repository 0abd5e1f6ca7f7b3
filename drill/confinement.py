"""How much memory the drill's host has, and its API: cgroups, where we may make them.

The drill as a whole stands for a small host; the API has a limit of its own on it.  Both versions
of cgroups are spoken (https://docs.kernel.org/admin-guide/cgroup-v2.html, .../cgroup-v1/).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from drill.wait import until

HOST_BYTES = 1536 * 1024 * 1024
API_BYTES = 256 * 1024 * 1024
_ROOT = Path("/sys/fs/cgroup")


def group(run: Path, name: str = "") -> Path:
    """The cgroup of the drill that runs in that directory, or the one below it of that name."""
    base = _ROOT / "memory" if (_ROOT / "memory").is_dir() else _ROOT
    return base / run.name / name


def possible() -> bool:
    """Whether we may limit memory here; without root we may not."""
    trial = Path(f"aura-trial-{os.getpid()}")
    try:
        confine(trial)
    except OSError:
        return False
    finally:
        dissolve(trial)
    return True


def confine(run: Path) -> None:
    """The drill's host and its API have limits now; raises OSError where that cannot be."""
    group(run).mkdir()
    _lend_to_children(group(run))
    limit(group(run), HOST_BYTES)
    make(run, "rest")
    never_swap(make(run, "api", API_BYTES))


def make(run: Path, name: str, size: int | None = None) -> Path:
    """The cgroup of that name below the drill's, with that limit."""
    below = group(run, name)
    below.mkdir(exist_ok=True)
    limit(below, size)
    return below


def limit(below: Path, size: int | None) -> None:
    """The cgroup may use that many bytes; without a number, as many as there are."""
    file = below / "memory.max"
    if file.exists():
        file.write_text("max" if size is None else str(size), encoding="utf-8")
        return
    (below / "memory.limit_in_bytes").write_text(str(size or -1), encoding="utf-8")


def limit_of(below: Path) -> str:
    """The limit as the kernel has it."""
    file = below / "memory.max"
    file = file if file.exists() else below / "memory.limit_in_bytes"
    return file.read_text(encoding="utf-8").strip()


def never_swap(below: Path) -> None:
    """What does not fit is killed, not swapped out."""
    v2, v1 = below / "memory.swap.max", below / "memory.swappiness"
    (v2 if v2.exists() else v1).write_text("0", encoding="utf-8")


def join(below: Path) -> None:
    """This process is in the cgroup, and so are its children to come."""
    (below / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")


def dissolve(run: Path) -> None:
    """None of the drill's cgroups is left."""

    def gone() -> bool:
        for name in ("api", "rest", "saboteur", ""):
            with suppress(OSError):
                group(run, name).rmdir()
        return not group(run).exists()

    # A process that was killed a moment ago may still be counted.
    until(gone, seconds=3)


def _lend_to_children(parent: Path) -> None:
    for one in (parent.parent, parent):
        control = one / "cgroup.subtree_control"
        if control.exists():
            control.write_text("+memory", encoding="utf-8")
