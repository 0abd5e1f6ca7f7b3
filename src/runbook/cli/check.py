"""`runbook check`: is everything in `data/` fit to be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import click

from runbook.catalog import Catalog, find_root, load, problems
from runbook.errors import BadData
from runbook.oncall import Shift, shifts
from runbook.oncall.holidays import Holiday, holidays
from runbook.render.duty import days
from runbook.words import say

_AHEAD = 13  # shifts: as far as people plan their holidays


@click.command(help=say("help.check"))
def check() -> None:
    root = find_root()
    now = datetime.now().astimezone()
    if found := problems(root, now):
        raise BadData(list(found))
    catalog = load(root)
    for name in catalog.target_names:
        catalog.target(name)
    for note in dict.fromkeys(_notes(catalog, now)):
        click.echo(note)
    click.echo(
        say(
            "check_data.all_well",
            scenarios=len(catalog.scenarios),
            checks=len(catalog.checks),
            targets=len(catalog.target_names),
            contacts=len(catalog.contacts),
        )
    )


def _notes(catalog: Catalog, now: datetime) -> Iterator[str]:
    """What the coming shifts meet with: nothing to mend, but to be known."""
    first = catalog.rotation.rules[0]
    begin = max(now, datetime.combine(first.start, first.handover, first.tz))
    for shift in islice(shifts(catalog.roster, begin), _AHEAD):
        for holiday in holidays(shift.since, shift.until):
            yield _note(catalog, shift, holiday)


def _note(catalog: Catalog, shift: Shift, holiday: Holiday) -> str:
    if holiday.name is None:
        return say("roster.holiday_unpublished", year=holiday.first.year)
    return say(
        "roster.holiday_off" if holiday.off else "roster.holiday_work",
        since=f"{shift.since:%m-%d}",
        name=say(f"holiday.{holiday.name}"),
        days=days(holiday),
        primary=catalog.contacts[shift.primary].name,
        secondary=catalog.contacts[shift.secondary].name,
    )
