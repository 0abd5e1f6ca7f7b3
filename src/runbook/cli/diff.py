"""`runbook diff`: what changed between two records."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runbook.catalog import find_root
from runbook.diagnosis.compare import compare
from runbook.errors import BadInput
from runbook.model import Diagnosis
from runbook.records.reading import find, last_healthy, whole_record_of
from runbook.words import say


@click.command(help=say("help.diff"))
@click.argument("first", metavar=say("help.record"))
@click.argument("second", required=False, metavar=say("help.other_record"))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def diff(first: str, second: str | None, records: Path | None, as_json: bool) -> None:
    base = records or find_root() / "records"
    one = find(first, base)
    if second is None:
        # The healthy one is what was before.
        record = whole_record_of(one)
        if record is None:
            raise BadInput(say("replay.unreadable", file=one))
        healthy = last_healthy(base, record)
        if healthy is None:
            raise BadInput(say("compare.never_healthy", scenario=record.scenario))
        before, now = healthy, one
    else:
        before, now = one, find(second, base)
    changes = compare(_diagnosis(before), _diagnosis(now))
    if as_json:
        click.echo(json.dumps([one._asdict() for one in changes], ensure_ascii=False, indent=2))
        return
    click.echo(say("compare.title", before=before.stem, now=now.stem))
    if not changes:
        click.echo(say("compare.same"))
        return
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name in ("what", "before", "now"):
        table.add_column(say(f"compare.{name}"), overflow="fold")
    for change in changes:
        cells = (change.what, change.before or "—", change.now or "—")
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)


def _diagnosis(path: Path) -> Diagnosis:
    record = whole_record_of(path)
    if record is None or record.diagnosis is None:
        raise BadInput(say("replay.unreadable", file=path))
    return record.diagnosis
