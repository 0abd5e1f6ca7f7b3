"""The command line: `runbook`, one word for each thing a responder does."""

from __future__ import annotations

import io
import os
import sys
from typing import NoReturn

from runbook.cli.menu import menu
from runbook.sparing import collect_seldom


def main() -> NoReturn:
    """Run the command line and end this process at once."""
    collect_seldom()
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
