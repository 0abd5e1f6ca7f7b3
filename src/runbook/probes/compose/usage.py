"""What the containers use of memory, as the engine of another machine counts it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of
from runbook.probes.compose.located import Located
from runbook.probes.look import Saw

_SAMPLES = 6
_EVERY = 0.3  # seconds between two samples


def memory(target: Located, limit: float) -> Saw:
    """As `runbook.probes.memory`; what the host itself uses is not known, and peaks are not."""
    running: dict[str, dict[str, Any]] = {}
    for role, name in target.services.model_dump(exclude_none=True).items():
        for place, one in enumerate(filter(replica.runs, target.of(name)), start=1):
            running[role if place == 1 else f"{role}-{place}"] = one
    deadline = time.monotonic() + limit
    begin, now = time.monotonic(), time.time()
    samples: list[dict[str, float]] = []
    with engine_of(target, limit) as client, ThreadPoolExecutor(max(1, len(running))) as pool:
        while running and len(samples) < _SAMPLES and time.monotonic() < deadline - 1:
            taken = list(pool.map(lambda one: _used(client, one["Id"]), running.values()))
            counted = dict(zip(running, taken, strict=True))
            samples.append({"at": round(time.monotonic() - begin, 3), **counted})
            time.sleep(_EVERY)
    last = samples[-1] if samples else {}
    return {
        "services": {
            role: {
                "pid": one["State"]["Pid"],
                "age": round(now - (replica.moment(one["State"]["StartedAt"]) or now), 1),
                "limit": one["HostConfig"]["Memory"] or None,
                "cgroup": None,
                "resident": last.get(role, 0),
                "peak": last.get(role, 0),
            }
            for role, one in running.items()
        },
        "limited": list(target.limited),
        "samples": [dict(one) for one in samples],
        "host": None,
        "top": [],
        "swap": None,
    }


def _used(client: Any, container: str) -> float:
    """Without the file cache, as `docker stats` shows it."""
    told = client.stats(container, stream=False, one_shot=True)["memory_stats"]
    kinds = told.get("stats") or {}
    cached = kinds.get("total_inactive_file", kinds.get("inactive_file", 0))
    return float(max(0, told.get("usage", 0) - cached))
