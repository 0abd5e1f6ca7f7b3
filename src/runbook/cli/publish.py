"""`runbook publish`: what a built site still lacks, the records and the pages of the alerts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from runbook.catalog import find_root, load
from runbook.publish import (
    publish_alerts,
    publish_figures,
    publish_incidents,
    publish_records,
)
from runbook.words import say


@click.command(help=say("help.publish"))
@click.argument("site", type=click.Path(path_type=Path))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
def publish(site: Path, records: Path | None) -> None:
    root = find_root()
    catalog, folder = load(root), records or root / "records"
    count = publish_records(folder, site)
    publish_incidents(folder, site, catalog.rotation.tz, datetime.now(catalog.rotation.tz))
    publish_figures(catalog, folder, site)
    alerts = publish_alerts(catalog, site)
    click.echo(say("publish.done", count=count, alerts=alerts, site=site))
