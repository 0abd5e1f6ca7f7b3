"""Kernels that are born warm: one process imports what all of them need, and forks each.

It is forked itself, when the data is read and before there is a thread, and imports on one
processor while the runner imports on another.  It ends with the runner, however that ends, and the
kernels with it.  Where it is not open, each kernel is a new interpreter, half a second later.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock, active_count
from typing import Any, NoReturn

from runbook.kernel import serve, without_debugger

COLD = "RUNBOOK_COLD"
"""The environment variable that keeps the nursery closed."""

_PATIENCE = 10.0  # seconds for an answer, also of a machine that is busy with the incident
_LONGEST = 1 << 17  # bytes of an order: mostly the environment
# What notebooks need, and what a kernel imports only when it starts.
_NEEDED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
    "xmlrpc.server",
    "runbook.case",
    "runbook.probes",
    "dns.rdtypes.IN.A",
)


class Nursery:
    """The process that forks kernels."""

    def __init__(self, pid: int, wire: socket.socket) -> None:
        self._pid, self._wire = pid, wire
        self._lock = Lock()
        self._unused = True

    def kernel(self, arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> int:
        """The pid of a new kernel that listens already, leading a process group of its own.

        Raises OSError where there is none.
        """
        ready, told = os.pipe()
        order = {"arguments": arguments, "environment": dict(environment), "folder": folder}
        try:
            with self._lock:
                self._unused = False
                socket.send_fds(self._wire, [json.dumps(order).encode()], [told])
                pid = int(self._wire.recv(64) or 0)
        finally:
            os.close(told)
        try:
            if not select.select([ready], [], [], _PATIENCE)[0] or not os.read(ready, 1):
                if pid:
                    os.killpg(pid, signal.SIGKILL)
                raise ChildProcessError
        finally:
            os.close(ready)
        return pid

    def close(self) -> None:
        """End it, also in the middle of its imports."""
        self._wire.close()
        if self._unused:
            os.kill(self._pid, signal.SIGKILL)


_nursery: Nursery | None = None


def nursery() -> Nursery | None:
    """The nursery of this process, if it is open."""
    return _nursery


@contextmanager
def opened() -> Iterator[None]:
    """Open it meanwhile, unless the environment or the system forbids, or there are threads."""
    global _nursery
    if os.environ.get(COLD) or not hasattr(os, "pidfd_open") or active_count() > 1:
        yield
        return
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        here.close()
        try:
            _serve(there)
        finally:
            os._exit(1)
    there.close()
    here.settimeout(_PATIENCE)
    _nursery = Nursery(pid, here)
    try:
        yield
    finally:
        _nursery.close()


def _serve(wire: socket.socket) -> None:
    # Neither the terminal's Ctrl-C nor who reads what the runner prints has to do with it.
    os.setsid()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    _warm_up()
    kernels: list[int] = []
    while True:
        order, given, _, _ = socket.recv_fds(wire, _LONGEST, 1)
        if not order:
            break
        pid = os.fork()
        if pid == 0:
            wire.close()
            _become_kernel(json.loads(order), given[0])
        with suppress(OSError):
            os.setpgid(pid, pid)  # as it does itself: whoever is first
        os.close(given[0])
        kernels.append(pid)
        wire.send(str(pid).encode())
    for pid in kernels:  # none was waited for, so each number is still its own
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _warm_up() -> None:
    without_debugger()
    for needed in _NEEDED:
        import_module(needed)
    gc.freeze()


def _become_kernel(order: Mapping[str, Any], told: int) -> NoReturn:
    def listens() -> None:
        os.write(told, b".")
        os.close(told)

    try:
        os.setpgid(0, 0)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        os.chdir(order["folder"])
        serve(order["arguments"], listens)
    finally:
        os._exit(1)
