"""`runbook oncall`: whom to call."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from runbook.catalog import Catalog, find_root, load
from runbook.errors import BadInput
from runbook.oncall import shift_at
from runbook.words import say


@click.command(help=say("help.oncall"))
@click.option("--at", "moment", metavar=say("help.time"), help=say("help.at"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def oncall(moment: str | None, as_json: bool) -> None:
    catalog = load(find_root())
    at = _moment(moment, catalog)
    try:
        shift = shift_at(catalog.rotation, at)
    except ValueError as error:
        raise BadInput(str(error)) from error
    except OverflowError as error:
        raise BadInput(say("oncall.not_a_time", value=ascii(moment))) from error
    people = {role: _person(catalog, getattr(shift, role)) for role in ("primary", "secondary")}
    if as_json:
        facts = {
            "at": at.isoformat(),
            **people,
            "since": shift.since.isoformat(),
            "until": shift.until.isoformat(),
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for role, person in people.items():
        click.echo(say(f"oncall.{role}_line", **person))
    click.echo(
        say(
            "oncall.span",
            since=f"{shift.since:%m-%d %H:%M}",
            until=f"{shift.until:%m-%d %H:%M}",
            zone=catalog.rotation.zone,
        )
    )


def _moment(text: str | None, catalog: Catalog) -> datetime:
    zone = catalog.rotation.tz
    if text is None:
        return datetime.now(zone).replace(microsecond=0)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(say("oncall.not_a_time", value=ascii(text))) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _person(catalog: Catalog, name: str) -> dict[str, Any]:
    return {"id": name, **catalog.contacts[name].model_dump()}
