"""`make demo`: the whole of the runbook once, on a real database that really breaks."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from drill.words import say
from runbook.errors import Exit, RunbookError

SCENARIO = "database-connection"


def demo(fault: str, root: Path) -> None:
    """Show a healthy run and a broken one, keep both, heal, and build the site.

    Raises RunbookError where a step does not end as it must; the drill is taken down either way.
    """
    incident = _unused_incident(root / "records")
    with tempfile.TemporaryDirectory(prefix="aura-demo-") as folder:
        drill = {**os.environ, "RUNBOOK_DRILL_DIR": folder}
        run = ["run", SCENARIO, "--target", "drill", "--incident", incident]
        try:
            _step("demo.up", ["drill", "up"], Exit.PASS, root, drill)
            _step("demo.healthy", run, Exit.PASS, root, drill)
            _step("demo.break", ["drill", "break", fault], Exit.PASS, root, drill)
            _step("demo.diagnose", run, Exit.CAUSE_FOUND, root, drill)
            _step("demo.heal", ["drill", "heal"], Exit.PASS, root, drill)
        finally:
            _step("demo.down", ["drill", "down"], Exit.PASS, root, drill)
    _heading("demo.site", ["make", "site"])
    subprocess.run(["make", "--no-print-directory", "site"], cwd=root, check=True)
    _say("demo.done", site=root / "site" / "index.html", records=root / "records" / incident)


def _step(
    title: str, words: list[str], expected: Exit, root: Path, environment: dict[str, str]
) -> None:
    _heading(title, ["runbook", *words])
    done = subprocess.run(
        [sys.executable, "-m", "runbook", *words], cwd=root, env=environment, check=False
    )
    _say("demo.exit", code=done.returncode)
    if done.returncode != expected:
        raise RunbookError(say("demo.unexpected", code=done.returncode, expected=int(expected)))


def _heading(title: str, command: list[str]) -> None:
    _say("demo.heading", title=say(title), command=shlex.join(command))


def _say(key: str, **facts: object) -> None:
    print(say(key, **facts), flush=True)


def _unused_incident(records: Path) -> str:
    today = f"{datetime.now().astimezone():%Y%m%d}"
    names = (f"DRILL-{today}-{number:02}" for number in range(1, 100))
    unused = next((name for name in names if not (records / name).exists()), None)
    if unused is None:
        raise RunbookError(say("demo.no_number", folder=records))
    return unused


if __name__ == "__main__":
    try:
        demo(sys.argv[1] if len(sys.argv) > 1 else "database-killed", Path(__file__).parents[1])
    except RunbookError as error:
        sys.exit(str(error))
