"""What may be wrong with a release of the API: it is late, leaks, hoards, warms up slowly
or crashes.

Set for a drill by settings of the API; without them nothing here happens.
"""

from __future__ import annotations

import os
import threading
import time

from drill.aura.settings import number

_MEGABYTE = 1024 * 1024
_STEP_SECONDS = 0.1


def begin() -> list[bytes]:
    """What the release keeps in memory, for as long as the caller holds it.

    Its faults show while the API goes on with its work.
    """
    time.sleep(number("AURA_LATE_SECONDS"))
    kept: list[bytes] = [_filled(number("AURA_HOLD_MB"))]
    for act in (_warm_up, _leak, _crash):
        threading.Thread(target=act, args=(kept,), daemon=True).start()
    return kept


def _filled(megabytes: float) -> bytes:
    # Random pages: the kernel would not count pages of zeros that nobody has written.
    return os.urandom(_MEGABYTE) * int(megabytes) if megabytes else b""


def _warm_up(kept: list[bytes]) -> None:
    for _ in range(int(number("AURA_WARM_UP_MB"))):
        kept.append(os.urandom(_MEGABYTE))
        time.sleep(_STEP_SECONDS)


def _leak(kept: list[bytes]) -> None:
    size = int(number("AURA_LEAK_MB_PER_SECOND") * _MEGABYTE * _STEP_SECONDS)
    while size:
        kept.append(os.urandom(size))
        time.sleep(_STEP_SECONDS)


def _crash(_kept: list[bytes]) -> None:
    if seconds := number("AURA_CRASH_AFTER_SECONDS"):
        time.sleep(seconds)
        os._exit(3)
