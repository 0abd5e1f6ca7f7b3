"""Waiting is for a condition, with an end; nothing in the drill sleeps and hopes."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Whether `holds` came true within `seconds`; it is asked at least once."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True
