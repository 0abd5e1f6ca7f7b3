"""Running the notebooks a person asked for: progress meanwhile, the verdicts, the exit code."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status

from runbook.catalog import Catalog
from runbook.cli.side_by_side import side_by_side
from runbook.cli.summary import shown, summary
from runbook.cli.verdict import show
from runbook.errors import Exit
from runbook.run import Kept, onward, plan
from runbook.run import run as run_jobs
from runbook.words import say

# The first of these that any run ended with is how the command ends.
_ORDER = (
    Exit.INTERRUPTED,
    Exit.BROKEN,
    Exit.CAUSE_FOUND,
    Exit.INCONCLUSIVE,
    Exit.WARNINGS,
    Exit.PASS,
)


def diagnose(
    catalog: Catalog,
    scenarios: Sequence[str],
    given: dict[str, str],
    records: Path,
    *,
    follow: bool,
    as_json: bool,
) -> int:
    """The exit code of the runs of these scenarios, kept in `records`, shown as they end."""
    jobs = [job for each in _each(catalog, given) for job in plan(catalog, scenarios, each)]
    kept: list[Kept] = []
    status = Console(stderr=True).status(say("run.starting", count=len(jobs)))

    def tell(ran: Sequence[Kept]) -> None:
        status.stop()
        for one in () if as_json else ran:
            show(one.record, shown(one.path), catalog, Console())
        sys.stdout.flush()

    while jobs:
        at = datetime.now(catalog.rotation.tz).replace(microsecond=0)
        with status:
            latest = run_jobs(catalog, jobs, records, at, _Waiting(status), tell)
        for one in latest:
            if one.warning:
                click.echo(one.warning, err=True)
        kept += latest
        seen = {(one.record.scenario, one.record.target) for one in kept}
        jobs = onward(catalog, latest, given, seen) if follow else []
    if as_json:
        told = [summary(one.record, one.path) for one in kept]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif len({one.record.target for one in kept}) > 1:
        found = [one.record.diagnosis for one in kept if one.record.diagnosis]
        Console().print(side_by_side(catalog, found))
    ends = {one.record.exit for one in kept}
    return next(end for end in _ORDER if end in ends)


def _each(catalog: Catalog, given: dict[str, str]) -> list[dict[str, str]]:
    """The parameters for every target of a group; as they are where they name none."""
    if "target" not in given:
        return [given]
    return [{**given, "target": name} for name in catalog.members(given["target"])]


class _Waiting:
    """Says how far each notebook is, and for how long, while a person waits."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._since = time.monotonic()
        self._done: dict[str, tuple[int, int]] = {}

    def __call__(self, notebook: Path, done: int, total: int) -> None:
        self._done[notebook.stem] = (done, total)
        steps = say("between.pause").join(
            f"{name} {done}/{total}" for name, (done, total) in self._done.items()
        )
        seconds = f"{time.monotonic() - self._since:.0f}"
        self._status.update(say("run.waiting", steps=steps, seconds=seconds))
