"""A kernel of ours, however it came to be: ipykernel without its debugger.

`python -m runbook.kernel -f FILE` is what `python -m ipykernel_launcher -f FILE` is to Jupyter.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

# New objects before the collector looks for rings: imports make many, and hardly any ring.
_MANY = 100_000


def without_debugger() -> None:
    """Nobody debugs a diagnosis, and the debugger takes longer to import than all the rest."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]


def serve(arguments: Sequence[str], listens: Callable[[], object] = lambda: None) -> NoReturn:
    """Be a kernel until it is told to end; `listens` is called once it does."""
    try:
        if not sys.flags.safe_path:
            del sys.path[0]  # where the command stands, which is no place for notebooks
        without_debugger()
        from ipykernel.kernelapp import IPKernelApp

        kernel: Any = IPKernelApp.instance()
        kernel.initialize(list(arguments))
        del sys.modules["debugpy"]
        listens()
        kernel.start()
    finally:
        os._exit(1)


if __name__ == "__main__":
    gc.set_threshold(_MANY)
    serve(sys.argv[1:])
