"""How long it takes until the first word: the interpreter, the package, the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from measure import BIN, Row, row, timed, told

PASS = [sys.executable, "-c", "pass"]


def rows(rounds: int) -> Iterator[Row]:
    """The help of the command line, and what each of the great commands must import."""
    ways = {
        "help": ("runbook --help", [BIN / "runbook", "--help"], {"floor": 4.0}),
        "import-model": ("导入 runbook.model", [sys.executable, "-c", "import runbook.model"], {}),
        "import-triage": (
            "导入 triage 所需",
            [sys.executable, "-c", "import runbook.cli.triage"],
            {},
        ),
        "import-run": ("导入 run 所需", [sys.executable, "-c", "import runbook.cli.run"], {}),
    }
    for name, (title, command, limits) in ways.items():
        yield row(name, title, timed({"ours": command, "floor": PASS}, rounds), limits)


if __name__ == "__main__":
    told(rows, 11)
