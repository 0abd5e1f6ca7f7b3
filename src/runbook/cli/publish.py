"""`runbook publish`: put the records into a built site."""

from __future__ import annotations

from pathlib import Path

import click

from runbook.catalog import find_root
from runbook.publish import publish as publish_records
from runbook.words import say


@click.command(help=say("help.publish"))
@click.argument("site", type=click.Path(path_type=Path))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
def publish(site: Path, records: Path | None) -> None:
    count = publish_records(records or find_root() / "records", site)
    click.echo(say("publish.done", count=count, site=site))
