"""`runbook rules`: the alerts of the runbook as rules for Prometheus."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click

from runbook.catalog import find_root, load
from runbook.catalog.write_yaml import as_yaml
from runbook.errors import RunbookError
from runbook.render.rules import rule_tests
from runbook.render.rules import rules as rules_of
from runbook.words import say

RULES, TESTS = "aura-flow.rules.yml", "aura-flow.tests.yml"
_LONGEST = 60  # seconds promtool may take


@click.command(help=say("help.rules"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def rules(folder: Path) -> None:
    catalog = load(find_root())
    content = rules_of(catalog.monitoring, catalog.scenarios, catalog.production)
    folder.mkdir(parents=True, exist_ok=True)
    for name, written in (
        (RULES, content),
        (TESTS, rule_tests(catalog.monitoring, content, RULES)),
    ):
        (folder / name).write_text(as_yaml(written), encoding="utf-8")
    click.echo(say("rules.written", count=len(content["groups"][0]["rules"]), folder=folder))
    promtool = shutil.which("promtool")
    if promtool is None:
        click.echo(say("rules.no_promtool", tests=folder / TESTS))
        return
    for kind, name in (("check", RULES), ("test", TESTS)):
        _ask(promtool, kind, folder / name)
    click.echo(say("rules.proven"))


def _ask(promtool: str, kind: str, file: Path) -> None:
    done = subprocess.run(
        [promtool, kind, "rules", file.name],
        cwd=file.parent,
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    if done.returncode:
        detail = (done.stdout + done.stderr).strip()
        raise RunbookError(say("rules.refused", file=file, detail=detail))
