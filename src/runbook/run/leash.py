"""Ending a kernel whenever we must: at the deadline, or when the responder says stop."""

from __future__ import annotations

import contextlib
import os
import signal
from tempfile import TemporaryDirectory
from threading import Lock, Timer
from types import TracebackType

from runbook.model import RunState

_AGAIN = 1.0  # seconds between two times a kernel is told to stop


class Leash:
    """The hold on the kernel of one run; `cut_for` says why it was ended from outside.

    As a context it cuts itself after `seconds`, counted from the start of the run: nbclient
    knows a limit for a cell but none for a whole notebook (jupyter/nbclient#212).  A kernel that is
    given `grace` is first told to stop, and has as many seconds to end what it has begun.  It
    inherits the descriptors `keep`.
    """

    def __init__(self, seconds: float, grace: float = 0.0, keep: tuple[int, ...] = ()) -> None:
        self.cut_for: RunState | None = None
        self._kernel: int | None = None
        self._grace, self.keep = grace, keep
        self._lock = Lock()
        self._timer = Timer(seconds, self.cut, [RunState.DEADLINE])
        self._timer.daemon = True
        self._sockets = TemporaryDirectory(prefix="runbook-")

    @property
    def sockets(self) -> str:
        """The folder of the sockets over which the kernel is spoken to; only we can enter it."""
        return self._sockets.name

    def __enter__(self) -> Leash:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._lock:
            self._timer.cancel()
            self._kernel = None
        self._sockets.cleanup()

    def hold(self, pid: int) -> None:
        """Take hold of a kernel that has just started; one that comes too late ends at once."""
        with self._lock:
            self._kernel = pid
            if self.cut_for is not None:
                _kill(pid)

    def cut(self, why: RunState, *, by_hand: bool = True) -> None:
        """End the kernel and everything it started; who says so a second time does not wait."""
        with self._lock:
            again, self.cut_for = self.cut_for is not None, self.cut_for or why
            if self._kernel is None:
                return
            if self._grace > 0 and not (again and by_hand):
                # Between two cells a kernel is deaf: it is told until it has ended.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self._kernel, signal.SIGINT)
                self._grace -= _AGAIN
                self._timer.cancel()
                self._timer = Timer(_AGAIN, self.cut, [why], {"by_hand": False})
                self._timer.daemon = True
                self._timer.start()
            else:
                _kill(self._kernel)


def _kill(pid: int) -> None:
    # A kernel leads a process group of its own.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
