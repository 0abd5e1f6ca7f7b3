"""`runbook replay`: judge a record again, without the system."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from runbook.catalog import find_root, load
from runbook.cli.summary import shown, summary
from runbook.cli.verdict import show
from runbook.errors import BadInput
from runbook.model import Diagnosis
from runbook.records.reading import find, whole_record_of
from runbook.replay import case as case_of
from runbook.replay import differences
from runbook.replay import replay as replay_of
from runbook.words import say


@click.command(help=say("help.replay"))
@click.argument("record", metavar=say("help.record"))
@click.option("--case", type=click.Path(dir_okay=False, path_type=Path), help=say("help.case"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def replay(record: str, case: Path | None, as_json: bool) -> int:
    catalog = load(find_root())
    path = find(record, catalog.root / "records")
    kept = whole_record_of(path)
    if kept is None:
        raise BadInput(say("replay.unreadable", file=path))
    again = replay_of(catalog, kept)
    if case is not None:
        if case.exists():
            raise BadInput(say("replay.case_exists", file=case))
        case.write_text(case_of(again), encoding="utf-8")
        click.echo(say("replay.case_written", file=case), err=True)
    if as_json:
        click.echo(json.dumps([summary(again, path)], ensure_ascii=False, indent=2))
    else:
        show(again, shown(path), catalog, Console())
        _compare(kept.diagnosis, again.diagnosis)
    return again.exit


def _compare(then: Diagnosis | None, now: Diagnosis | None) -> None:
    changed = differences(then, now) if then and now else []
    if not changed:
        click.echo(say("replay.same"))
    for title, before, after in changed:
        click.echo(
            say(
                "replay.changed",
                title=title,
                before=say(f"cause.{before.replace(' ', '-')}") if before else say("kinds.nothing"),
                after=say(f"cause.{after.replace(' ', '-')}"),
            )
        )
