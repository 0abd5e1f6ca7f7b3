"""`runbook incident`: the life of an incident, from its opening to its report."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from runbook.catalog import Catalog, find_root, load
from runbook.cli.incident_view import facts, listing, show_incident
from runbook.cli.moment import moment_of
from runbook.cli.summary import shown
from runbook.evidence import redactor_for
from runbook.incident import (
    Word,
    acknowledge,
    change_level,
    folder_of,
    mitigate,
    note,
    open_,
    resolve,
)
from runbook.incident.report import write_report
from runbook.model.event import Kind
from runbook.model.incident import Incident, State
from runbook.records.incident import incident_of
from runbook.records.seal import seal
from runbook.records.tokens import token_key
from runbook.redact import Redactor
from runbook.words import say

Command = Callable[..., Any]


@click.group(help=say("help.incident_group"))
def incident() -> None:
    pass


def _common(command: Command) -> Command:
    for option in (
        click.option("--json", "as_json", is_flag=True, help=say("help.json")),
        click.option("--records", type=click.Path(path_type=Path), help=say("help.records")),
    ):
        command = option(command)
    return command


def _told(command: Command) -> Command:
    for option in (
        click.option("--by", envvar="RUNBOOK_USER", help=say("help.by")),
        click.option("--at", "moment", metavar=say("help.time"), help=say("help.at_event")),
    ):
        command = option(command)
    return _common(command)


_name = click.argument("name", metavar=say("help.incident_id"))


@incident.command("open", help=say("help.incident_open"))
@click.option("--severity", required=True, help=say("help.severity"))
@click.option("--title", required=True, help=say("help.title"))
@click.option("--scenario", help=say("help.scenario"))
@click.option("--target", help=say("help.target"))
@click.option("--impact", help=say("help.impact"))
@click.option("--commander", help=say("help.commander"))
@click.option(
    "--kind", type=click.Choice(["real", "drill", "test"]), default="real", help=say("help.kind")
)
@_told
def open_command(
    severity: str,
    title: str,
    scenario: str | None,
    target: str | None,
    impact: str | None,
    commander: str | None,
    kind: Kind,
    moment: str | None,
    by: str | None,
    records: Path | None,
    as_json: bool,
) -> None:
    catalog, folder = _catalog(), _records(records)
    word = _word(catalog, by, moment, redactor_for([], catalog.public))
    opened = open_(
        catalog,
        folder,
        word,
        kind,
        severity,
        title,
        scenario,
        target,
        impact,
        commander,
    )
    _answer(catalog, opened, as_json)


@incident.command("ack", help=say("help.incident_ack"))
@_name
@_told
def ack(name: str, moment: str | None, by: str | None, records: Path | None, as_json: bool) -> None:
    catalog, folder, word = _tell(name, by, moment, records)
    _answer(catalog, acknowledge(folder, word), as_json)


@incident.command("note", help=say("help.incident_note"))
@_name
@click.argument("text", metavar=say("help.text"))
@_told
def note_command(
    name: str, text: str, moment: str | None, by: str | None, records: Path | None, as_json: bool
) -> None:
    catalog, folder, word = _tell(name, by, moment, records)
    found = note(folder, word, text)
    if as_json:
        _answer(catalog, found, as_json)
    else:
        click.echo(say("incident.noted", name=name, count=len(found.notes)))


@incident.command("severity", help=say("help.incident_severity"))
@_name
@click.argument("level", metavar=say("help.level"))
@click.option("--why", required=True, help=say("help.why"))
@_told
def severity(
    name: str,
    level: str,
    why: str,
    moment: str | None,
    by: str | None,
    records: Path | None,
    as_json: bool,
) -> None:
    catalog, folder, word = _tell(name, by, moment, records)
    _answer(catalog, change_level(catalog, folder, word, level, why), as_json)


@incident.command("mitigate", help=say("help.incident_mitigate"))
@_name
@click.argument("text", metavar=say("help.text"))
@_told
def mitigate_command(
    name: str, text: str, moment: str | None, by: str | None, records: Path | None, as_json: bool
) -> None:
    catalog, folder, word = _tell(name, by, moment, records)
    _answer(catalog, mitigate(folder, word, text), as_json)


@incident.command("resolve", help=say("help.incident_resolve"))
@_name
@click.argument("text", metavar=say("help.text"))
@click.option("--cause", help=say("help.cause"))
@click.option("--sign", type=click.Path(exists=True, path_type=Path), help=say("help.sign"))
@_told
def resolve_command(
    name: str,
    text: str,
    cause: str | None,
    sign: Path | None,
    moment: str | None,
    by: str | None,
    records: Path | None,
    as_json: bool,
) -> None:
    catalog, folder, word = _tell(name, by, moment, records)
    found = resolve(folder, word, text, cause)
    head = seal(folder, word.now, sign, word.by)
    _answer(catalog, found, as_json)
    if not as_json:
        click.echo(say("incident.sealed", n=head.n, head=head.hash, name=name))


@incident.command("report", help=say("help.incident_report"))
@_name
@click.option("--sign", type=click.Path(exists=True, path_type=Path), help=say("help.sign"))
@_told
def report(
    name: str,
    sign: Path | None,
    moment: str | None,
    by: str | None,
    records: Path | None,
    as_json: bool,
) -> None:
    catalog, folder, word = _tell(name, by, moment, records)
    written = write_report(catalog, folder, word.by, word.now)
    if incident_of(folder).state is State.RESOLVED:
        seal(folder, word.now, sign, word.by)
    if as_json:
        click.echo(json.dumps({"report": str(written.path), "blanks": written.blanks}))
        return
    key = "incident.report_kept" if written.kept else "incident.reported"
    click.echo(say(key, path=shown(written.path), count=written.blanks))


@incident.command("show", help=say("help.incident_show"))
@_name
@_common
def show(name: str, records: Path | None, as_json: bool) -> None:
    _answer(_catalog(), incident_of(folder_of(_records(records), name)), as_json)


@incident.command("list", help=say("help.incident_list"))
@click.option("--open", "only_open", is_flag=True, help=say("help.only_open"))
@_common
def list_command(only_open: bool, records: Path | None, as_json: bool) -> None:
    catalog, folder = _catalog(), _records(records)
    found = [incident_of(one.parent) for one in sorted(folder.glob("*/events.jsonl"))]
    wanted = [
        one for one in found if one.opened and not (only_open and one.state is State.RESOLVED)
    ]
    wanted.sort(key=lambda one: one.opened.at if one.opened else datetime.min, reverse=True)
    if as_json:
        now = _now(catalog)
        click.echo(json.dumps([facts(one, now) for one in wanted], ensure_ascii=False, indent=2))
        return
    Console().print(listing(wanted, catalog.rotation.tz))


def word_of(catalog: Catalog, folder: Path, by: str | None, moment: str | None) -> Word:
    """Who tells, and when; what is told is redacted with the tokens of that incident."""
    key = token_key(folder.parent, folder.name)
    known = redactor_for([], catalog.public)
    return _word(catalog, by, moment, Redactor(known.secrets, known.public, key))


def _tell(
    name: str, by: str | None, moment: str | None, records: Path | None
) -> tuple[Catalog, Path, Word]:
    catalog = _catalog()
    folder = folder_of(_records(records), name)
    return catalog, folder, word_of(catalog, folder, by, moment)


def _word(catalog: Catalog, by: str | None, moment: str | None, redactor: Redactor) -> Word:
    return Word(
        by=redactor.tidy(by or getpass.getuser(), 100),
        at=moment_of(moment, catalog),
        now=_now(catalog),
        redactor=redactor,
    )


def _now(catalog: Catalog) -> datetime:
    return datetime.now(catalog.rotation.tz).replace(microsecond=0)


def _catalog() -> Catalog:
    return load(find_root())


def _records(given: Path | None) -> Path:
    return given or find_root() / "records"


def _answer(catalog: Catalog, found: Incident, as_json: bool) -> None:
    now = _now(catalog)
    if as_json:
        click.echo(json.dumps(facts(found, now), ensure_ascii=False, indent=2))
    else:
        show_incident(found, catalog, now, Console())
