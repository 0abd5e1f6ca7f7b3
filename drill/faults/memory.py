"""The memory of the drill's host and of its API, and taking it away."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psutil

from drill import confinement, processes, supervision
from drill.faults.sabotage import Sabotage, send_saboteur
from drill.health import answers, healthy, visit
from drill.hogs import swung
from drill.parts import API, EDGE
from drill.place import Drill
from drill.preparation import set_apart
from drill.wait import until

_MEGABYTE = 1024 * 1024
GROWN_UP = 13  # seconds after which no service is still starting
SWAP_MEGABYTES = 256
ROOM = 48
TOO_LITTLE = 24 * _MEGABYTE
EATEN = 1250  # of the host's 1536 MB, beside what the parts use


def _kill_count(drill: Drill) -> int:
    group = confinement.group(drill.run, "api")
    for name in ("memory.events", "memory.oom_control"):
        if (file := group / name).exists():
            return int(dict(line.split() for line in file.read_text().splitlines())["oom_kill"])
    return 0


def _release(restarter: bool = False, **settings: str) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        set_apart(drill, **settings)
        supervision.restart(drill, API)
        if restarter:
            send_saboteur(drill, "keep_restarting")

    return inject


def _tighten(drill: Drill) -> None:
    supervision.stop(drill, API)
    confinement.limit(confinement.group(drill.run, "api"), TOO_LITTLE)
    send_saboteur(drill, "keep_restarting")


def _loosen(drill: Drill) -> None:
    confinement.limit(confinement.group(drill.run, "api"), None)


def _act(act: str, **how: object) -> Callable[[Drill], None]:
    return lambda drill: send_saboteur(drill, act, **how)


@cache
def can_swap() -> bool:
    """Whether we may swap to a file here: neither every account may, nor every file system."""
    run = Path(f"aura-trial-{os.getpid()}")
    try:
        _begin_swap(swap_file(run), megabytes=1)
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        end_swap(run)
    return True


def _begin_swap(file: Path, megabytes: int) -> None:
    with file.open("wb") as room:
        file.chmod(0o600)
        for _ in range(megabytes):
            room.write(bytes(_MEGABYTE))
    for words in (("mkswap", file), ("swapon", file)):
        subprocess.run(words, capture_output=True, check=True)


def _swap(drill: Drill) -> None:
    _begin_swap(swap_file(drill.run), SWAP_MEGABYTES)
    send_saboteur(drill, "swap_to_and_fro", megabytes=ROOM * 3, room=ROOM)


def swap_file(run: Path) -> Path:
    """What the drill swaps to; on a disk of the machine's, since memory would not do."""
    return Path("/var/tmp") / f"{run.name}.swap"  # noqa: S108


def end_swap(run: Path) -> None:
    """The drill that runs in that directory swaps to nothing any more."""
    file = swap_file(run)
    if file.exists():
        subprocess.run(["swapoff", file], capture_output=True, check=False)
        file.unlink()


def _heal_at_once(drill: Drill) -> None:
    supervision.kill(drill, API)
    supervision.start(drill, API)
    until(lambda: healthy(drill), seconds=8)


def _killed_by_the_kernel(drill: Drill) -> bool:
    return _kill_count(drill) > int(_count_file(drill).read_text(encoding="utf-8"))


def _count_file(drill: Drill) -> Path:
    """How often the kernel had killed the API when the drill was last well."""
    return drill.run / "oom-kills"


def _ends_again_and_again(drill: Drill) -> bool:
    log = (drill.place.logs / "supervisord.log").read_text(encoding="utf-8")
    return log.count(" exited: api ") >= 3


def _grows(drill: Drill) -> bool:
    """Whether it grows, and not because it has just been started."""
    before, pid = _used(drill), supervision.pid_of(drill, API)
    grown = until(lambda: _used(drill) > before, seconds=1)
    return grown and answers(drill) and time.time() - processes.born(pid) > GROWN_UP


def _used(drill: Drill) -> int:
    pid = supervision.pid_of(drill, API)
    return int(psutil.Process(pid).memory_info().rss) if pid else 0


def _eaten(drill: Drill) -> bool:
    group = confinement.group(drill.run)
    file = next(
        one
        for name in ("memory.current", "memory.usage_in_bytes")
        if (one := group / name).exists()
    )
    return int(file.read_text()) > 0.87 * confinement.HOST_BYTES


def _swapping(_drill: Drill) -> bool:
    def moved() -> int:
        lines = Path("/proc/vmstat").read_text(encoding="utf-8").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("pswp"))

    before = moved()
    return until(lambda: moved() - before > 500, seconds=1)


def _settled(drill: Drill) -> bool:
    """Whether the API has its hoard, and answers."""
    return _used(drill) > 200 * _MEGABYTE and healthy(drill)


def mend(drill: Drill) -> None:
    """The host has its memory back, the API its limit, and nobody remembers any end."""
    end_swap(drill.run)
    swung(drill).unlink(missing_ok=True)
    if drill.state.limited:
        group = confinement.group(drill.run, "saboteur")
        if group.exists():
            until(lambda: _removed(group), seconds=3)
        confinement.limit(confinement.group(drill.run, "api"), confinement.API_BYTES)


def forget(drill: Drill) -> None:
    """What ended until now is nobody's memory any more; done when everything runs."""
    supervision.forget_history(drill)
    _count_file(drill).write_text(str(_kill_count(drill)), encoding="utf-8")


def _removed(group: Path) -> bool:
    try:
        group.rmdir()
    except OSError:
        return False
    return True


_OOM = Sabotage(_release(AURA_LEAK_MB_PER_SECOND="150"), _killed_by_the_kernel, True)

SABOTAGES = {
    "leak-until-killed": Sabotage(
        _release(restarter=True, AURA_LEAK_MB_PER_SECOND="150"), _killed_by_the_kernel, True
    ),
    "limit-too-low": Sabotage(_tighten, _killed_by_the_kernel, True),
    "killed-and-gone": _OOM,
    "killed-behind-the-edge": _OOM,
    "leaking-release": Sabotage(_release(AURA_LEAK_MB_PER_SECOND="2"), _grows, True),
    "leaking-imports": Sabotage(_act("import_for_ever", megabytes=2.0), _grows, True),
    "host-eaten": Sabotage(_act("eat_memory", megabytes=EATEN), _eaten),
    "host-eaten-by-many": Sabotage(_act("eat_memory", megabytes=EATEN, mouths=4), _eaten),
    "host-eaten-by-a-crowd": Sabotage(_act("eat_memory", megabytes=EATEN, mouths=25), _eaten),
    "memory-to-and-fro": Sabotage(
        _act("swing", megabytes=60), lambda drill: swung(drill).exists() and healthy(drill)
    ),
    "host-swapping": Sabotage(_swap, _swapping),
    "limit-forgotten": Sabotage(_loosen, healthy),
    "crashing-release": Sabotage(
        _release(restarter=True, AURA_CRASH_AFTER_SECONDS="0.8"), _ends_again_and_again, True
    ),
    "killed-again-and-again": Sabotage(
        _act("keep_restarting", kill_after=1.5), _ends_again_and_again, True
    ),
    "edge-down-seen-from-memory": Sabotage(
        lambda drill: supervision.stop(drill, EDGE), lambda drill: "refused" in str(visit(drill))
    ),
    "memory-high-and-flat": Sabotage(_release(AURA_HOLD_MB="185"), _settled, True),
    "memory-warming-up": Sabotage(_release(AURA_WARM_UP_MB="40"), healthy, True),
    "api-just-healed": Sabotage(_heal_at_once, healthy),
}
