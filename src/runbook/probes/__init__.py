"""Looking at a target: side by side, each look with a limit, never changing anything.

A probe is a function from a target and a limit in seconds to what it saw.  A system that
answers badly was seen; only where nothing could be seen does a probe raise CouldNotLook.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from runbook.model import Absent, Evidence, Target
from runbook.probes.compose.located import Located, at_hand
from runbook.probes.look import KEPT, CouldNotLook, Saw
from runbook.words import say

__all__ = ["PROBES", "CouldNotLook", "Probe", "collect"]


Look = Callable[[Target, float], Saw]


class Probe(NamedTuple):
    """Where it is in this room, and the seconds after which there is nothing more to expect."""

    place: str
    limit: float = 3.0

    @property
    def look(self) -> Look:
        """How to look; only now is imported what that needs, so nobody waits for other probes'."""
        look: Look = getattr(import_module(self.module), self.place.rpartition(".")[2])
        return look

    @property
    def module(self) -> str:
        """What must be imported to look."""
        return f"{__name__}.{self.place.rpartition('.')[0]}"


PROBES: dict[str, Probe] = {
    "api-live": Probe("api.live", limit=6.0),
    # Readiness asks others before it answers, the AI provider for up to five seconds.
    "api-ready": Probe("api.ready", limit=6.0),
    "api-metrics": Probe("api.metrics"),
    "api-port": Probe("network.api_port"),
    "api-listener": Probe("listener.api_listener"),
    # As long as a stub resolver waits, to tell slow from not there.
    "ai-name": Probe("ai.name", limit=6.0),
    "ai-port": Probe("ai.port"),
    # As long as readiness waits at most, and a little, to tell slow from silent.
    "ai-models": Probe("ai.models", limit=7.0),
    "ai-question": Probe("ai.question", limit=7.0),
    "ai-cost": Probe("api.ai_cost"),
    "edge-name": Probe("edge.name", limit=6.0),
    "edge-port": Probe("edge.port", limit=4.0),
    "edge-certificate": Probe("edge.certificate", limit=6.0),
    "edge-answer": Probe("edge.answer", limit=8.0),
    "services": Probe("process.services"),
    "containers": Probe("compose.containers.containers", limit=6.0),
    "container-paths": Probe("compose.inside.paths", limit=8.0),
    "nginx-upstreams": Probe("compose.upstream.upstreams"),
    "memory": Probe("memory.memory", limit=6.0),
    "oom-kills": Probe("kernel.oom_kills"),
    "database-name": Probe("network.database_name", limit=6.0),
    "database-port": Probe("network.database_port"),
    "database-process": Probe("process.database_process"),
    "database-session": Probe("database.database_session"),
    "database-disk": Probe("disk.database_disk"),
}

_FROM_AFAR = 2.0  # times the limits, where every question goes over ssh
_GRACE = 1.0  # seconds a probe may take to notice its own limit
_SLOW = ("memory", "edge-port")  # also of a healthy target: they begin first
_STALLED = 0.03  # seconds without an answer after which one more probe is asked beside the others


def collect(
    target: Target | Absent, names: Iterable[str], within: float, at_once: int | None = None
) -> tuple[Evidence, ...]:
    """The evidence of the named probes, taken side by side within that many seconds, in order.

    With `at_once` only so many begin, and one more whenever an answer ends or all of them wait: who
    looks at many targets has no use for hundreds of threads.
    """
    wanted = list(dict.fromkeys(names))
    started = datetime.now(UTC)
    if isinstance(target, Absent):
        return tuple(
            Evidence(probe=name, at=started, seconds=0, error=target.reason) for name in wanted
        )
    begun = time.monotonic()
    with at_hand(target, within) as looked_at:
        left = max(0.5, within - (time.monotonic() - begun))
        seen, limit = _side_by_side(looked_at, wanted, left, at_once or len(wanted))
    return tuple(
        seen.get(name)
        or Evidence(
            probe=name, at=started, seconds=limit, error=say("probe.too_slow", limit=f"{limit:g}")
        )
        for name in wanted
    )


def _side_by_side(
    target: Target, wanted: list[str], within: float, at_once: int
) -> tuple[dict[str, Evidence], float]:
    """What was seen in time, by the name of its probe, and the seconds there were for it."""
    answers: SimpleQueue[Evidence] = SimpleQueue()
    waiting: SimpleQueue[str] = SimpleQueue()

    def work() -> None:
        with suppress(Empty):
            while True:
                answers.put(_look(target, waiting.get_nowait(), within))

    def begin() -> None:
        # A daemon, because a look that hangs in the kernel must not keep the run from ending.
        Thread(target=work, daemon=True).start()

    slow = [name for name in wanted if name in _SLOW]
    for names in (slow, [name for name in wanted if name not in _SLOW]):
        for name in names:
            import_module(PROBES[name].module)  # here, since threads that import hinder each other
            waiting.put(name)
        for _ in names[:at_once]:
            begin()
        at_once -= min(at_once, len(names))
    limit = min(within, max(_limit(target, name) for name in wanted) + _GRACE)
    deadline = time.monotonic() + limit
    seen: dict[str, Evidence] = {}
    while len(seen) < len(wanted) and time.monotonic() < deadline:
        try:
            evidence = answers.get(timeout=max(0.0, min(_STALLED, deadline - time.monotonic())))
        except Empty:
            if not waiting.empty():
                begin()
        else:
            seen[evidence.probe] = evidence
    return seen, limit


def _limit(target: Target, name: str) -> float:
    far = isinstance(target, Located) and target.far is not None
    return PROBES[name].limit * (_FROM_AFAR if far else 1)


def _look(target: Target, name: str, within: float) -> Evidence:
    probe = PROBES[name]
    at, clock = datetime.now(UTC), time.monotonic()

    def evidence(**found: Any) -> Evidence:
        seconds = round(time.monotonic() - clock, 3)
        return Evidence(probe=name, at=at, seconds=seconds, **_whole(found))

    try:
        return evidence(saw=probe.look(target, min(_limit(target, name), within)))
    except CouldNotLook as reason:
        return evidence(error=str(reason))
    except Exception as surprise:
        # Also where what was seen is nothing that could be kept: not being able is evidence too.
        text = ascii(str(surprise))[:KEPT]
        return evidence(error=say("probe.surprise", kind=type(surprise).__name__, detail=text))


def _whole(found: dict[str, Any]) -> dict[str, Any]:
    """What was found without halves of characters: JSON can escape them, no file can hold them."""
    return dict(json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")))
