"""`runbook notify`: the message, and with `--send` out to the channels."""

from __future__ import annotations

import json
from pathlib import Path

import click

from runbook.catalog import find_root, load
from runbook.cli.incident import word_of
from runbook.errors import BadInput, Exit
from runbook.incident import folder_of
from runbook.incident.message import message
from runbook.model.event import MessageSent
from runbook.records.incident import incident_of
from runbook.records.log import append
from runbook.words import say


@click.command(help=say("help.notify"))
@click.argument("template", metavar=say("help.template"))
@click.option("--incident", "name", required=True, help=say("help.incident"))
@click.option("--send", is_flag=True, help=say("help.send"))
@click.option("--channel", "channels", multiple=True, help=say("help.channel"))
@click.option(
    "-p",
    "given",
    nargs=2,
    multiple=True,
    metavar=say("help.name_value"),
    help=say("help.blank"),
)
@click.option("--by", envvar="RUNBOOK_USER", help=say("help.by"))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def notify(
    template: str,
    name: str,
    send: bool,
    channels: tuple[str, ...],
    given: tuple[tuple[str, str], ...],
    by: str | None,
    records: Path | None,
    as_json: bool,
) -> int:
    catalog = load(find_root())
    folder = folder_of(records or catalog.root / "records", name)
    word = word_of(catalog, folder, by, None)
    incident = incident_of(folder)
    text = word.text(message(catalog, incident, template, dict(given), word.now))
    if not send:
        click.echo(json.dumps({"text": text}, ensure_ascii=False) if as_json else text)
        return Exit.PASS
    if say("notify.blank_mark") in text:
        raise BadInput(say("notify.still_blank"))
    # Sending is the only thing that needs it, and it takes a third of a second.
    from runbook.incident.delivery import addresses, deliver

    internal = catalog.channels.internal
    to = addresses(internal, channels)
    title = f"{incident.severity} {incident.opened.title if incident.opened else name}"
    sent = deliver(title, text, internal, to, word.redactor)
    event = MessageSent(
        at=word.now, by=word.by, template=template, title=title, text=text, deliveries=sent
    )
    append(folder, event.facts)
    if as_json:
        facts = {"text": text, "deliveries": [one.model_dump() for one in sent]}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for one in sent:
            key = "notify.sent" if one.taken else "notify.failed"
            click.echo(say(key, channel=one.title, tries=one.tries, answer=one.answer))
    taken = sum(one.taken for one in sent)
    if taken == len(sent):
        return Exit.PASS
    return Exit.WARNINGS if taken else Exit.BROKEN
