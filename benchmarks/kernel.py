"""What a kernel needs to start, cause by cause, each in an interpreter of its own.

    .venv/bin/python benchmarks/kernel.py [ROUNDS] [--json]

The floor is an interpreter that does nothing.  Of these our kernels have no debugger, and forked
ones have imported all of it before they are needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from measure import Row, row, timed, told

CAUSES = {
    "ipykernel": (
        "内核本身",
        "import runbook.kernel as k; k._without_debugger(); import ipykernel.kernelapp",
    ),
    "debugger": (
        "内核带调试器，Jupyter 的默认",
        "import ipykernel.kernelapp, ipykernel.debugger",
    ),
    "data": ("读 data/", "from runbook.catalog import find_root, load; load(find_root())"),
    "probes": ("全部探针", "import runbook.probes"),
    "all": ("我们的内核要的全部", "import runbook.kernel as k; k.warm_up()"),
}
PASS = [sys.executable, "-c", "pass"]


def rows(rounds: int) -> Iterator[Row]:
    """Each cause beside an interpreter that does nothing."""
    for name, (title, source) in CAUSES.items():
        sides = timed({"ours": [sys.executable, "-c", source], "floor": PASS}, rounds)
        yield row(f"kernel-{name}", f"启动内核：{title}", sides)


if __name__ == "__main__":
    told(rows, 9)
