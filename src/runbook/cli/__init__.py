"""The command line: `runbook`, one word for each thing a responder does."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import NoReturn

from runbook.cli.menu import menu

# New objects before the collector looks for rings: imports make many, and hardly any ring.
_MANY = 500_000


def main() -> NoReturn:
    """Run the command line and end this process at once."""
    gc.set_threshold(_MANY)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no Chinese is no reason to lose a diagnosis.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if sys.argv[1:] == ["--help"]:
        print(menu())
        code = 0
    else:
        from runbook.cli.call import call

        code = call()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    # To take an interpreter apart takes longer than some commands.
    os._exit(code)
