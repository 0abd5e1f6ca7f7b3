"""`runbook run`: diagnose, keep the record, say what it means."""

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

from runbook.catalog import Catalog, find_root, load
from runbook.cli.side_by_side import side_by_side
from runbook.cli.summary import shown, summary
from runbook.cli.verdict import show
from runbook.errors import BadInput, Exit
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


@click.command(help=say("help.run"))
@click.argument("scenarios", nargs=-1, required=True, metavar=say("help.scenarios"))
@click.option("--target", envvar="RUNBOOK_TARGET", help=say("help.target"))
@click.option("--incident", help=say("help.incident"))
@click.option(
    "-p",
    "parameters",
    nargs=2,
    multiple=True,
    metavar=say("help.name_value"),
    help=say("help.parameter"),
)
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--follow", is_flag=True, help=say("help.follow"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def run(
    scenarios: tuple[str, ...],
    target: str | None,
    incident: str | None,
    parameters: tuple[tuple[str, str], ...],
    records: Path | None,
    follow: bool,
    as_json: bool,
) -> int:
    catalog = load(find_root())
    given = _given([("target", target), ("incident", incident), *parameters])
    jobs = [job for each in _each(catalog, given) for job in plan(catalog, scenarios, each)]
    folder = records or catalog.root / "records"
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
            latest = run_jobs(catalog, jobs, folder, at, _Waiting(status), tell)
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


def _given(pairs: list[tuple[str, str | None]]) -> dict[str, str]:
    """The parameters by name; raises BadInput where one is given twice and differently."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if value is None:
            continue
        if found.setdefault(name, value) != value:
            raise BadInput(
                say("parameter.twice", name=name, first=ascii(found[name]), second=ascii(value))
            )
    return found


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
