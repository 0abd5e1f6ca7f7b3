"""Readiness: each dependency asked for real, each within its time, whatever hangs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Ask = Callable[[], str]
LIMIT_SECONDS = 2.5


class Degraded(Exception):
    """The dependency is done without, on purpose; the message says how."""


class Check:
    """One dependency, asked on threads of its own so that its hanging is nobody else's."""

    def __init__(self, name: str, ask: Ask) -> None:
        self.name = name
        self._ask = ask
        self._threads = ThreadPoolExecutor(max_workers=3, thread_name_prefix=f"ready-{name}")

    async def result(self) -> dict[str, Any]:
        """The check as `/readyz` shows it."""
        started = time.monotonic()
        loop = asyncio.get_running_loop()
        try:
            asked = loop.run_in_executor(self._threads, self._ask)
            message, status = await asyncio.wait_for(asked, LIMIT_SECONDS), "healthy"
        except Degraded as choice:
            message, status = str(choice), "degraded"
        except TimeoutError:
            message, status = f"no answer within {LIMIT_SECONDS} sec", "unhealthy"
        except Exception as failure:
            message, status = str(failure) or type(failure).__name__, "unhealthy"
        duration = round((time.monotonic() - started) * 1000, 1)
        return {"status": status, "message": message, "duration": duration}


async def report(checks: list[Check]) -> dict[str, Any]:
    """All checks, asked side by side, and their sum."""
    results = await asyncio.gather(*(check.result() for check in checks))
    healthy = all(result["status"] != "unhealthy" for result in results)
    return {
        "status": "healthy" if healthy else "unhealthy",
        "checks": {check.name: result for check, result in zip(checks, results, strict=True)},
    }
