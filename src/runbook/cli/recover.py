"""`runbook recover`: make records of the runs that died."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from runbook.catalog import find_root, load
from runbook.cli.summary import shown
from runbook.incident import folder_of
from runbook.records.recover import recover as recover_runs
from runbook.records.recover import seal_left_open
from runbook.words import say


@click.command(help=say("help.recover"))
@click.argument("name", required=False, metavar=say("help.incident_id"))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
def recover(name: str | None, records: Path | None) -> None:
    catalog = load(find_root())
    base = records or catalog.root / "records"
    known = [one for one in sorted(base.glob("*-*-*")) if one.is_dir()]
    folders = [folder_of(base, name)] if name else known
    now = datetime.now(catalog.rotation.tz).replace(microsecond=0)
    count = 0
    for folder in folders:
        for one in recover_runs(catalog, folder, now):
            count += 1
            click.echo(say("recover.one", path=shown(one.path), cells=one.cells))
        if head := seal_left_open(folder, now):
            count += 1
            click.echo(say("recover.sealed", name=folder.name, n=head.n, head=head.hash))
    if not count:
        click.echo(say("recover.none"))
