"""`runbook triage`: what is wrong, how bad it is, and which notebook to run."""

from __future__ import annotations

import json
import shlex
import time
from datetime import datetime
from typing import Any

import click
from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from runbook.catalog import Catalog, find_root, load
from runbook.cli.verdict import COLOURS
from runbook.errors import Exit
from runbook.model import CauseState, Diagnosis, Verdict
from runbook.render.finding import headline
from runbook.triage import triage as triage_of
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
    if as_json:
        found = triage_of(catalog, name, _DEADLINE)
        facts = [_facts(one, name) for one in found]
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return _exit(found)
    if watch is None:
        with Console(stderr=True).status(say("triage.looking")):
            found = triage_of(catalog, name, _DEADLINE)
        Console().print(_screen(catalog, name, found))
        return _exit(found)
    with Live(Text(say("triage.looking")), console=Console(), screen=False) as live:
        while True:
            live.update(_screen(catalog, name, triage_of(catalog, name, _DEADLINE)))
            time.sleep(watch)


def _screen(catalog: Catalog, target: str, found: tuple[Diagnosis, ...]) -> Group:
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
    at = datetime.now(catalog.rotation.tz)
    lines = [Text(say("triage.title", target=catalog.target(target).title, at=f"{at:%H:%M:%S}"))]
    wrong = [one for one in sorted(found, key=_worst_first) if one.verdict is not Verdict.PASS]
    # Where somebody has the cause, the neighbours who only point there need no run.
    wrong = [one for one in wrong if _own(one)] or wrong
    after = [Text(f"$ {_command(one, target)}", style="cyan") for one in wrong]
    return Group(*lines, table, *after)


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


def _facts(one: Diagnosis, target: str) -> dict[str, Any]:
    return {
        "scenario": one.scenario,
        "verdict": one.verdict,
        "severity": one.severity,
        "causes": [
            {"id": cause.id, "state": cause.state, "belongs_to": cause.belongs_to}
            for cause in one.causes
        ],
        "next": [step.model_dump() for step in one.next],
        "command": _command(one, target),
        "seconds": max((look.seconds for look in one.evidence), default=0.0),
    }


def _command(one: Diagnosis, target: str) -> str:
    return shlex.join(["runbook", "run", one.scenario, "--target", target])


def _exit(found: tuple[Diagnosis, ...]) -> int:
    ends = {one.exit for one in found}
    return next((end for end in _ORDER if end in ends), Exit.PASS)
