"""`runbook oncall`: whom to call."""

from __future__ import annotations

import json

import click

from runbook.catalog import find_root, load
from runbook.cli.moment import moment_of
from runbook.errors import BadInput
from runbook.model import ROLES
from runbook.oncall import shift_at
from runbook.render.duty import change_line
from runbook.render.duty_facts import person_facts, shift_facts
from runbook.words import say


@click.command(help=say("help.oncall"))
@click.option("--at", "moment", metavar=say("help.time"), help=say("help.at"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def oncall(moment: str | None, as_json: bool) -> None:
    catalog = load(find_root())
    at = moment_of(moment, catalog)
    try:
        shift = shift_at(catalog.roster, at)
    except ValueError as error:
        raise BadInput(str(error)) from error
    except OverflowError as error:
        raise BadInput(say("oncall.not_a_time", value=ascii(moment))) from error
    if as_json:
        facts = {"at": at.isoformat(), **shift_facts(shift, catalog.contacts)}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for role in ROLES:
        click.echo(
            say(f"oncall.{role}_line", **person_facts(getattr(shift, role), catalog.contacts))
        )
    for change in shift.changes:
        click.echo(change_line(change, catalog.contacts))
    click.echo(
        say(
            "oncall.span",
            since=f"{shift.since:%m-%d %H:%M}",
            until=f"{shift.until:%m-%d %H:%M}",
            zone=shift.since.tzinfo,
        )
    )
