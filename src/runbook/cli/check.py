"""`runbook check`: is everything in `data/` fit to be trusted."""

from __future__ import annotations

import click

from runbook.catalog import find_root, load
from runbook.words import say


@click.command(help=say("help.check"))
def check() -> None:
    catalog = load(find_root())
    for name in catalog.target_names:
        catalog.target(name)
    click.echo(
        say(
            "check_data.all_well",
            scenarios=len(catalog.scenarios),
            checks=len(catalog.checks),
            targets=len(catalog.target_names),
            contacts=len(catalog.contacts),
        )
    )
