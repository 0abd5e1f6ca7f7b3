"""`runbook verify`: is what was kept as it was left."""

from __future__ import annotations

import json
from pathlib import Path

import click

from runbook.errors import BadInput, Exit
from runbook.records.chain import Flaw
from runbook.records.log import EVENTS
from runbook.records.verify import Inspection, inspect
from runbook.root import find_root
from runbook.words import say

_SIGNERS = Path("data/allowed_signers")


@click.command(help=say("help.verify"))
@click.argument("name", required=False, metavar=say("help.incident_or_path"))
@click.option("--head", metavar="SHA256", help=say("help.head"))
@click.option("--heads", type=click.Path(exists=True, path_type=Path), help=say("help.heads"))
@click.option("--signers", type=click.Path(exists=True, path_type=Path), help=say("help.signers"))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def verify(
    name: str | None,
    head: str | None,
    heads: Path | None,
    signers: Path | None,
    records: Path | None,
    as_json: bool,
) -> int:
    if head is not None and name is None:
        raise BadInput(say("verify.whose_head"))
    folders = _folders(name, records)
    trusted, kept = signers or _known_signers(), _kept(heads) if heads else {}
    found = [inspect(folder, head or kept.get(folder.name), trusted) for folder in folders]
    if name is None:
        there = {folder.name for folder in folders}
        found += [_gone(incident) for incident in sorted(kept.keys() - there)]
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            _show(one)
        if not found:
            click.echo(say("verify.none"))
    return Exit.CAUSE_FOUND if any(one.flaws for one in found) else Exit.PASS


def _folders(name: str | None, records: Path | None) -> list[Path]:
    if name is not None:
        path = Path(name)
        for folder in (path, path.parent if path.is_file() else path):
            if folder.is_dir() and (folder / EVENTS).is_file():
                return [folder.resolve()]
    base = records or find_root() / "records"
    if name is None:
        return sorted(one for one in base.glob("*-*-*") if one.is_dir())
    for folder in (base / name, Path(name)):
        # Also where the log is what was taken away.
        if folder.is_dir():
            return [folder.resolve()]
    raise BadInput(say("verify.unknown", name=ascii(name), folder=base))


def _kept(heads: Path) -> dict[str, str]:
    """The head of every incident, as the site published them; raises BadInput for another file."""
    try:
        told = json.loads(heads.read_bytes())
        return {incident: str(head["hash"]) for incident, head in told.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput(say("verify.no_heads", file=heads)) from error


def _gone(incident: str) -> Inspection:
    return Inspection(incident, flaws=[Flaw(incident, "removed", say("verify.incident_gone"))])


def _known_signers() -> Path | None:
    try:
        file = find_root() / _SIGNERS
    except BadInput:
        return None
    return file if file.is_file() else None


def _show(one: Inspection) -> None:
    if one.flaws:
        click.echo(say("verify.touched", incident=one.incident, count=len(one.flaws)))
        for flaw in one.flaws:
            how = say(f"verify.how_{flaw.how}")
            click.echo(f"  {flaw.where}: {how}{say('between.pause')}{flaw.what}")
        click.echo(say("verify.what_now"))
    else:
        click.echo(
            say(
                "verify.untouched",
                incident=one.incident,
                lines=one.head.n,
                files=one.files,
                head=one.head.hash,
            )
        )
    for note in one.notes:
        click.echo(f"  {note}")


def _facts(one: Inspection) -> dict[str, object]:
    return {
        "incident": one.incident,
        "untouched": not one.flaws,
        "n": one.head.n,
        "head": one.head.hash,
        "files": one.files,
        "flaws": [vars(flaw) for flaw in one.flaws],
        "notes": one.notes,
    }
