"""`runbook publish`: what a built site still lacks, the records and the pages of the alerts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from runbook.catalog import find_root, load
from runbook.publish import publish as into
from runbook.words import say


@click.command(help=say("help.publish"))
@click.argument("site", type=click.Path(path_type=Path))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
def publish(site: Path, records: Path | None) -> None:
    root = find_root()
    catalog = load(root)
    done = into(catalog, records or root / "records", site, datetime.now(catalog.rotation.tz))
    click.echo(say("publish.done", count=done.records, alerts=done.alerts, site=site))
