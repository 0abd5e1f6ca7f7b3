"""`runbook publish`: what a built site still lacks: records, incidents, alerts, feeds, files."""

from __future__ import annotations

from pathlib import Path

import click

from runbook.catalog import find_root, load
from runbook.cli.moment import build_time
from runbook.publish import publish as put
from runbook.publish import zip_site
from runbook.words import say


@click.command(help=say("help.publish"))
@click.argument("site", type=click.Path(path_type=Path))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--from", "before", type=click.Path(path_type=Path), help=say("help.from_site"))
@click.option("--zip", "into", type=click.Path(path_type=Path), help=say("help.zip"))
def publish(site: Path, records: Path | None, before: Path | None, into: Path | None) -> None:
    root = find_root()
    catalog = load(root)
    now = build_time().astimezone(catalog.rotation.tz)
    done = put(catalog, records or root / "records", site, now, before)
    click.echo(say("publish.done", count=done.records, alerts=done.alerts, site=site))
    if into:
        zip_site(site, into)
        click.echo(say("publish.zipped", file=into, megabytes=into.stat().st_size / 1e6))
