"""`runbook act`: evidence first, then the action, then the proof of its effect."""

from __future__ import annotations

import getpass
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.status import Status
from rich.text import Text

from runbook.acting.plan import Plan, plan, plan_text
from runbook.catalog import Catalog, find_root, load
from runbook.cli.summary import shown
from runbook.errors import BadInput
from runbook.model import Record
from runbook.model.action import REMEDIATION
from runbook.render.action import COLOURS, acted_text
from runbook.run.act import act as run_action
from runbook.run.parameters import checked, declared
from runbook.words import say

_STYLES = {"pass": "green", "fail": "red", "warn": "yellow", "unknown": "magenta"}


@click.command(help=say("help.act"))
@click.argument("action", metavar=say("help.action"))
@click.argument("service", required=False, metavar=say("help.service"))
@click.option("--target", envvar="RUNBOOK_TARGET", help=say("help.target"))
@click.option("--incident", help=say("help.incident"))
@click.option("--dry-run", is_flag=True, help=say("help.dry_run"))
@click.option("--tag", help=say("help.tag"))
@click.option("--replicas", help=say("help.replicas"))
@click.option("--reason", help=say("help.reason"))
@click.option("--by", envvar="RUNBOOK_USER", help=say("help.by"))
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def act(
    action: str,
    service: str | None,
    target: str | None,
    incident: str | None,
    dry_run: bool,
    tag: str | None,
    replicas: str | None,
    reason: str | None,
    by: str | None,
    records: Path | None,
    as_json: bool,
) -> int:
    catalog = load(find_root())
    known = declared(catalog.notebook(REMEDIATION))
    name = target or str(known["target"])
    said = {"tag": tag or "", "replicas": replicas or "", "reason": reason or ""}
    planned = plan(catalog, action, service, name, said)
    words = {
        "action": " ".join(filter(None, (action, service))),
        "target": name,
        "incident": incident or "",
        "to": tag or replicas or "",
        "reason": reason or "",
    }
    given = checked(words, known, catalog)
    click.echo(plan_text(planned), err=True)
    if dry_run:
        if as_json:
            _write(_plan_facts(planned))
        return 0
    agreed = _agreed(planned)
    return _acted(catalog, planned, given, records, incident, by, agreed, as_json)


def _acted(
    catalog: Catalog,
    planned: Plan,
    given: Any,
    records: Path | None,
    incident: str | None,
    by: str | None,
    agreed: bool,
    as_json: bool,
) -> int:
    at = datetime.now(catalog.rotation.tz).replace(microsecond=0)
    who = by or getpass.getuser()
    folder = records or catalog.root / "records"
    with Console(stderr=True).status(say("act.starting", title=planned.title)) as status:
        waiting = _Waiting(planned, status)
        kept = run_action(
            catalog, planned, given, folder, incident, who, at, waiting, agreed=agreed
        )
    if kept.warning:
        click.echo(kept.warning, err=True)
    if as_json:
        _write(_facts(kept.record, shown(kept.path)))
    else:
        _show(kept.record, shown(kept.path), Console())
    return int(kept.record.exit)


def _agreed(planned: Plan) -> bool:
    """Whether a person has typed the target's name; raises BadInput where it was not that.

    Nobody is asked where nothing can be lost, and no flag, file or pipe answers for a person.
    """
    target = planned.target
    if not target.labels.production:
        return False
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput(say("act.no_terminal", target=target.id))
    click.echo(say("act.confirm", target=target.id, title=target.title), err=True, nl=False)
    if sys.stdin.readline().strip() != target.id:
        raise BadInput(say("act.not_confirmed", target=target.id))
    return True


def _show(record: Record, file: str, console: Console) -> None:
    if record.action is not None:
        style = _STYLES[COLOURS[record.action.outcome]]
        first, _, rest = acted_text(record.action).partition("\n")
        console.print(Text(first, style=f"bold {style}"), soft_wrap=True)
        console.print(Text(rest), soft_wrap=True)
    else:
        console.print(Text(f"✗ {record.title} · {record.target_title}", style="bold red"))
        console.print(Text(f"  {record.message}"), soft_wrap=True)
    console.print(Text(say("run.record", path=file), style="dim"), soft_wrap=True)


def _facts(record: Record, file: str) -> dict[str, Any]:
    """What scripts read of an action."""
    told = record.action.model_dump(mode="json") if record.action else {}
    return {
        **told,
        "outcome": told.get("outcome"),
        "target": record.target,
        "state": record.state,
        "message": record.message,
        "incident": record.incident,
        "record": file,
        "took": record.seconds,
    }


def _plan_facts(planned: Plan) -> dict[str, Any]:
    """What scripts read of a plan."""
    return {
        "action": planned.name,
        "service": planned.service,
        "target": planned.target.id,
        "argv": list(planned.argv),
        "command": planned.line,
        "directory": str(planned.directory) if planned.directory else None,
        "environment": dict(planned.environment),
        "destroys": planned.action.destroys,
        "evidence": list(planned.action.evidence),
        "effect": planned.effect.kind,
        "limit": planned.action.limit,
        "production": planned.target.labels.production,
    }


def _write(facts: dict[str, Any]) -> None:
    json.dump(facts, sys.stdout, ensure_ascii=False, indent=2)
    click.echo()


class _Waiting:
    """Says how far the action is, and for how long, while a person waits."""

    def __init__(self, planned: Plan, status: Status) -> None:
        self._title, self._status = planned.title, status
        self._since = time.monotonic()

    def __call__(self, notebook: Path, done: int, total: int) -> None:
        seconds = f"{time.monotonic() - self._since:.0f}"
        facts = {"title": self._title, "done": done, "total": total, "seconds": seconds}
        self._status.update(say("act.waiting", **facts))
