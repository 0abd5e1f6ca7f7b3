"""`runbook triage`: what is wrong, how bad it is, and which notebook to run."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import click
from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from runbook.catalog import Catalog, find_root, load
from runbook.cli.side_by_side import side_by_side
from runbook.cli.verdict import COLOURS
from runbook.errors import Exit
from runbook.model import CauseState, Diagnosis, Verdict
from runbook.render.finding import headline
from runbook.triage import triage_all
from runbook.words import listed, say

_DEADLINE = 15.0  # seconds; the slowest probe gives up long before
_ORDER = (Exit.CAUSE_FOUND, Exit.INCONCLUSIVE, Exit.WARNINGS, Exit.PASS)


@click.command(help=say("help.triage"))
@click.option("--target", envvar="RUNBOOK_TARGET", help=say("help.target"))
@click.option(
    "--watch", type=click.FloatRange(min=1), help=say("help.watch"), metavar=say("help.seconds")
)
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def triage(target: str | None, watch: float | None, as_json: bool) -> int:
    catalog = load(find_root())
    name = target or catalog.target_names[0]
    members = catalog.members(name)

    def look() -> list[Diagnosis]:
        return [one for found in triage_all(catalog, members, _DEADLINE) for one in found]

    if as_json:
        found = look()
        click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False, indent=2))
        return _exit(found)
    if watch is None:
        with Console(stderr=True).status(say("triage.looking")):
            found = look()
        Console().print(_screen(catalog, name, found))
        return _exit(found)
    with Live(Text(say("triage.looking")), console=Console(), screen=False) as live:
        while True:
            live.update(_screen(catalog, name, look()))
            time.sleep(watch)


def _screen(catalog: Catalog, name: str, found: Sequence[Diagnosis]) -> Group:
    at = f"{datetime.now(catalog.rotation.tz):%H:%M:%S}"
    if name in catalog.groups:
        title, table = catalog.groups[name].title, side_by_side(catalog, found)
    else:
        title, table = catalog.target(name).title, _table(catalog, found)
    each = (list(own) for _, own in groupby(found, key=attrgetter("target")))
    commands = [Text(f"$ {_command(one)}", style="cyan") for own in each for one in _to_run(own)]
    return Group(Text(say("triage.title", target=title, at=at)), table, *commands)


def _to_run(found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """What is wrong with one target; who has the cause speaks for neighbours that point there."""
    wrong = [one for one in sorted(found, key=_worst_first) if one.verdict is not Verdict.PASS]
    return [one for one in wrong if _own(one)] or wrong


def _table(catalog: Catalog, found: Sequence[Diagnosis]) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for head in ("scenario", "verdict", "causes", "level"):
        table.add_column(say(f"triage.{head}"), overflow="fold")
    for one in sorted(found, key=_worst_first):
        table.add_row(
            catalog.scenarios[one.scenario].title,
            Text(one.verdict, style=f"bold {COLOURS[one.verdict]}"),
            _headline(catalog, one),
            one.severity or "",
        )
    for scenario in catalog.scenarios.values():
        if not scenario.checks:
            table.add_row(scenario.title, "", say("triage.by_hand"), "", style="dim")
    return table


def _headline(catalog: Catalog, one: Diagnosis) -> str:
    """The causes of the scenario's own, or else the scenario they belong to."""
    if one.elsewhere and not _own(one):
        titles = listed(catalog.scenarios[slug].title for slug in one.elsewhere)
        return say("triage.elsewhere", scenarios=titles)
    return headline(one)


def _own(one: Diagnosis) -> bool:
    return any(not cause.belongs_to for cause in one.in_state(CauseState.CONFIRMED))


def _worst_first(one: Diagnosis) -> tuple[bool, bool, bool, int, str]:
    states = (CauseState.CONFIRMED, CauseState.PROBABLE)
    confirmed, probable = (bool(one.in_state(state)) for state in states)
    badness = -list(Verdict).index(one.verdict)
    # Of equal findings the worse level is first: P0 before P1, and before none at all.
    return not _own(one), not confirmed, not probable, badness, one.severity or "~"


def _facts(one: Diagnosis) -> dict[str, Any]:
    return {
        "target": one.target,
        "scenario": one.scenario,
        "verdict": one.verdict,
        "severity": one.severity,
        "causes": [
            {"id": cause.id, "state": cause.state, "belongs_to": cause.belongs_to}
            for cause in one.causes
        ],
        "next": [step.model_dump() for step in one.next],
        "command": _command(one),
        "seconds": max((look.seconds for look in one.evidence), default=0.0),
    }


def _command(one: Diagnosis) -> str:
    return shlex.join(["runbook", "run", one.scenario, "--target", one.target])


def _exit(found: Sequence[Diagnosis]) -> int:
    ends = {one.exit for one in found}
    return next((end for end in _ORDER if end in ends), Exit.PASS)
