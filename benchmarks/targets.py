"""A diagnosis of 1, 10 and 100 targets side by side, on one machine.

    .venv/bin/python benchmarks/targets.py [ROUNDS] [--json]

In a copy of the project whose data has a hundred targets, all of them one healthy drill.  Its parts
must answer a hundred on the same machine, which a hundred deployments would not ask of it; but it
has one edge and one AI provider, which are asked once, and a hundred deployments may have more.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml
from measure import BIN, ROOT, Row, call, row, timed, told

COUNTS = (10, 100)


def rows(rounds: int) -> Iterator[Row]:
    """A group beside one target."""
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        root = copied(Path(base))
        environment = {
            "RUNBOOK_DRILL_DIR": str(Path(base, "drill")),
            "RUNBOOK_ROOT": str(root),
        }
        call([BIN / "runbook", "drill", "up"], environment)
        try:
            for count in COUNTS:
                sides = {
                    "ours": [BIN / "runbook", "triage", "--target", f"all-{count}"],
                    "floor": [BIN / "runbook", "triage", "--target", "drill"],
                }
                # A drill at which a hundred look at once may really be slow, and they say so.
                found = timed(sides, rounds, environment=environment, fine=(0, 3, 4))
                limits = {"floor": 6.0, "memory": 1024}
                title = f"{count} 个目标并排诊断（都是同一套演练环境）"
                yield row(f"targets-{count}", title, found, limits)
        finally:
            call([BIN / "runbook", "drill", "down"], environment)


def copied(base: Path) -> Path:
    """The project with a hundred targets that are the drill, and groups of them."""
    root = base / "project"
    for name in ("data", "docs", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "mkdocs.yml", root)
    targets, groups = root / "data" / "targets.yml", root / "data" / "groups.yml"
    known = yaml.safe_load(targets.read_text(encoding="utf-8"))
    names = [f"drill-{number:03}" for number in range(1, max(COUNTS) + 1)]
    many = {name: {**known["drill"], "title": f"演练 {name}"} for name in names}
    grouped = {f"all-{most}": {"title": f"{most} 个", "targets": names[:most]} for most in COUNTS}
    for file, more in ((targets, many), (groups, grouped)):
        # JSON is YAML without aliases, which the data may not have.
        lines = [f"{name}: {json.dumps(one, ensure_ascii=False)}\n" for name, one in more.items()]
        file.write_text(file.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")
    return root


if __name__ == "__main__":
    told(rows, 5)
