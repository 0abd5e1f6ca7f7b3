"""`runbook check`: is everything in `data/` fit to be trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import click

from runbook.catalog import Catalog, find_root, load, problems
from runbook.errors import BadData, Exit
from runbook.freshness import board, exercises
from runbook.model import Kept
from runbook.oncall import Shift, shifts
from runbook.oncall.holidays import Holiday, holidays
from runbook.render.duty import days
from runbook.render.freshness import expired_line, fresh_line
from runbook.words import say

_AHEAD = 13  # shifts: as far as people plan their holidays


@click.command(help=say("help.check"))
@click.option("--target", help=say("help.check_target"))
@click.option("--freshness", "fresh", is_flag=True, help=say("help.freshness"))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def check(target: str | None, fresh: bool, records: Path | None, as_json: bool) -> Exit:
    if fresh and target is not None:
        raise click.UsageError(say("check_data.one_question"))
    if as_json and not fresh and target is None:
        raise click.UsageError(say("check_data.json_of_what"))
    root = find_root()
    now = datetime.now().astimezone()
    if found := problems(root, now):
        raise BadData(list(found))
    catalog = load(root)
    for name in catalog.target_names:
        catalog.target(name)
    if target is not None:
        # Only who asks for it reads what speaks to containers and databases.
        from runbook.cli.drift import check_drift

        return check_drift(catalog, target, records or root / "records", as_json)
    if fresh:
        return _fresh(catalog, records or root / "records", now.date(), as_json)
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
    return Exit.PASS


def _fresh(catalog: Catalog, records: Path, today: date, as_json: bool) -> Exit:
    """What has expired, each with whom to ask; as JSON the whole board."""
    found = board(catalog, exercises(catalog, records))
    late = [one for one in found if one.expired(today)]
    if as_json:
        click.echo(json.dumps([_as_json(one, today) for one in found], ensure_ascii=False))
    elif late:
        for one in late:
            click.echo(expired_line(one, catalog.contacts))
        click.echo(say("freshness.some", count=len(found), late=len(late)))
    else:
        click.echo(fresh_line(found))
    return Exit.WARNINGS if late else Exit.PASS


def _as_json(one: Kept, today: date) -> dict[str, object]:
    return {
        "kind": one.kind,
        "name": one.name,
        "title": one.title,
        "owner": one.review and one.review.owner,
        "reviewed": one.review and one.review.reviewed.isoformat(),
        "exercised": one.exercise and one.exercise.at.isoformat(),
        "until": one.until and one.until.isoformat(),
        "expired": one.expired(today),
    }


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
        days=days(holiday.first, holiday.last),
        primary=catalog.contacts[shift.primary].name,
        secondary=catalog.contacts[shift.secondary].name,
    )
