"""Kernels that are started before anybody needs them, and wait for their work.

They are born warm where that can be: one process imports what all of them need, and forks each.  It
is forked itself, when the data is read and before there is a thread, and imports on one processor
while the runner imports on another.  Elsewhere each is a new interpreter.  They end with the
runner, however that ends.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import active_count
from typing import NoReturn

from runbook.kernel import ARGUMENTS, WIRE, serve, warm_up_for_all

COLD = "RUNBOOK_COLD"
"""The environment variable that keeps kernels from being forked."""

_PATIENCE = 10.0  # seconds for an answer, also of a machine that is busy with the incident
_LONGEST = 1 << 16  # bytes of an order
_EARLY = 8  # kernels at most before they are asked for
# What who runs notebooks and who is a kernel both import: once, before one becomes two.
_SHARED = ("jupyter_client", "psutil", "runbook.evidence")

Bear = Callable[[list[str], socket.socket], object]
"""Starts a kernel with these arguments and this wire (`runbook.kernel`)."""


class Kernel:
    """A kernel with its connection file, that waits to be told to begin."""

    def __init__(self, file: Path, wire: socket.socket) -> None:
        self.file, self._wire = file, wire

    def begin(self, environment: Mapping[str, str], folder: str) -> int:
        """Its pid, once it listens and goes on there; it leads a process group of its own.

        Raises OSError where it has died.
        """
        self._wire.settimeout(_PATIENCE)
        with self._wire, self._wire.makefile("rw", encoding="utf-8") as lines:
            pid = int(lines.readline() or 0)
            if not pid:
                raise ChildProcessError
            print(json.dumps({"environment": dict(environment), "folder": folder}), file=lines)
        return pid

    def dismiss(self) -> None:
        """It ends, not having begun."""
        self._wire.close()


class Nursery:
    """Kernels that wait; `folder` holds their sockets and files, and nobody else can enter it."""

    def __init__(self, folder: Path, bear: Bear) -> None:
        self._folder, self._bear = folder, bear
        self._numbers = count(1)
        self._waiting: SimpleQueue[Kernel] = SimpleQueue()

    def prepare(self, kernels: int) -> None:
        """Start so many; raises OSError where none can be had."""
        for _ in range(kernels):
            self._waiting.put(self._new())

    def kernel(self) -> Kernel:
        """One that waits, or else a new one; raises OSError as `prepare` does."""
        try:
            return self._waiting.get_nowait()
        except Empty:
            return self._new()

    def close(self) -> None:
        """Who waits still need not any more."""
        while not self._waiting.empty():
            self._waiting.get().dismiss()

    def _new(self) -> Kernel:
        at = self._folder / str(next(self._numbers))
        file = at.with_suffix(".json")
        # Jupyter's connection file (jupyter_client, "Connection files").
        ports = {f"{name}_port": 1 + at for at, name in enumerate(_CHANNELS)}
        key = {"signature_scheme": "hmac-sha256", "key": secrets.token_hex(16)}
        file.write_text(json.dumps({"transport": "ipc", "ip": str(at), **ports, **key}), "utf-8")
        here, there = socket.socketpair()
        with there:
            self._bear(["-f", str(file), *ARGUMENTS], there)
        return Kernel(file, here)


_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
_nursery: Nursery | None = None


def nursery() -> Nursery | None:
    """The nursery of this process, if it is open."""
    return _nursery


@contextmanager
def opened(kernels: int) -> Iterator[Callable[[], None]]:
    """Open it meanwhile, with so many kernels, unless the system has no handles for processes.

    What is yielded is to be called when the data is read: so late they are forked, to have it too.
    """
    with ExitStack() as stack:

        def prepared(bear: Bear) -> None:
            global _nursery
            folder = stack.enter_context(TemporaryDirectory(prefix="runbook-"))
            _nursery = Nursery(Path(folder), bear)
            stack.callback(_closed)
            with suppress(OSError):  # whoever asks for one will hear of it
                _nursery.prepare(min(kernels, _EARLY))

        def forked() -> None:
            for needed in _SHARED:
                import_module(needed)
            prepared(stack.enter_context(_forking()))

        if not hasattr(os, "pidfd_open"):
            yield lambda: None
        elif os.environ.get(COLD) or active_count() > 1:
            prepared(stack.enter_context(_starting()))
            yield lambda: None
        else:
            yield forked


def _closed() -> None:
    global _nursery
    if _nursery is not None:
        _nursery.close()
    _nursery = None


@contextmanager
def _starting() -> Iterator[Bear]:
    """Every kernel a new interpreter."""
    started: list[subprocess.Popen[bytes]] = []

    def bear(arguments: list[str], wire: socket.socket) -> None:
        command = [sys.executable, "-m", "runbook.kernel", WIRE, str(wire.fileno()), *arguments]
        nowhere = subprocess.DEVNULL
        started.append(
            subprocess.Popen(
                command,
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                pass_fds=[wire.fileno()],
                start_new_session=True,
            )
        )

    try:
        yield bear
    finally:
        for one in started:
            one.kill()
            one.wait()


@contextmanager
def _forking() -> Iterator[Bear]:
    """Every kernel a fork of one process."""
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
    try:
        yield lambda arguments, wire: socket.send_fds(
            here, [json.dumps(arguments).encode()], [wire.fileno()]
        )
    finally:
        here.close()


def _serve(wire: socket.socket) -> None:
    # Neither the terminal's Ctrl-C nor who reads what the runner prints has to do with it.
    os.setsid()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    warm_up_for_all()
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
    for pid in kernels:  # none was waited for, so each number is still its own
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _become_kernel(arguments: list[str], told: int) -> NoReturn:
    try:
        os.setpgid(0, 0)
        serve(arguments, socket.socket(fileno=told))
    finally:
        os._exit(1)
