"""A kernel of ours, however it came to be: ipykernel without debugger and history.

`python -m runbook.kernel -f FILE` is what `python -m ipykernel_launcher -f FILE` is to Jupyter.
With `--wire N` it is one that was started early: once it listens it says its pid over that socket,
and goes on when it is told its environment and its folder there, as a line of JSON.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from runbook.sparing import collect_seldom

ARGUMENTS = (
    # What is cut in the kernel is no message of 200 MB that all of us would hold.
    "--Session.packer=runbook.outlet.packed",
    # What was run stands in the record, and is nothing for the history in somebody's home.
    "--HistoryManager.enabled=False",
)
"""What every kernel of ours is started with."""

WIRE = "--wire"

# What notebooks need, and what a kernel imports only when it starts.
_NEEDED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
    "runbook.case",
    "runbook.probes",
)


def warm_up() -> None:
    """Import what every kernel and its notebook need, and read the data, ahead of time."""
    _without_debugger()
    for needed in _NEEDED:
        import_module(needed)
    from runbook.catalog import find_root, load
    from runbook.errors import RunbookError

    with suppress(RunbookError):  # the notebook will say so
        load(find_root())


def warm_up_for_all() -> None:
    """As `warm_up`, and what the probes of any notebook need; nothing of it is touched later."""
    warm_up()
    from runbook.probes import PROBES

    for needed in ("dns.rdtypes.IN.A", *(probe.module for probe in PROBES.values())):
        import_module(needed)
    gc.freeze()


def serve(arguments: Sequence[str], wire: socket.socket | None = None) -> NoReturn:
    """Be a kernel until it is told to end; with a wire, one that waits to be told so."""
    try:
        if not sys.flags.safe_path:
            del sys.path[0]  # where the command stands, which is no place for notebooks
        _without_debugger()
        from ipykernel.kernelapp import IPKernelApp

        if wire is not None:
            os.environ["JPY_PARENT_PID"] = str(os.getppid())
        kernel: Any = IPKernelApp.instance()
        kernel.initialize(list(arguments))
        del sys.modules["debugpy"]
        if wire is None or _told_to_begin(wire):
            kernel.start()
    finally:
        os._exit(1)


def _told_to_begin(wire: socket.socket) -> bool:
    with wire, wire.makefile("rw", encoding="utf-8") as lines:
        print(os.getpid(), file=lines, flush=True)
        told = lines.readline()
    if not told:
        return False
    order = json.loads(told)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(order["folder"])
    return True


def _without_debugger() -> None:
    # Nobody debugs a diagnosis, and the debugger takes longer to import than all the rest.
    sys.modules["debugpy"] = None  # type: ignore[assignment]


def main() -> NoReturn:
    """Be the kernel that the command line asks for."""
    collect_seldom()
    if sys.argv[1] != WIRE:
        serve(sys.argv[1:])
    warm_up()
    serve(sys.argv[3:], socket.socket(fileno=int(sys.argv[2])))


if __name__ == "__main__":
    main()
