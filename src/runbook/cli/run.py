"""`runbook run`: what is asked for, and the processes that import side by side to do it."""

from __future__ import annotations

from pathlib import Path

import click

from runbook.errors import BadInput
from runbook.nursery import opened
from runbook.words import say


@click.command(help=say("help.run"))
@click.argument("scenarios", nargs=-1, required=True, metavar=say("help.scenarios"))
@click.option("--target", envvar="RUNBOOK_TARGET", help=say("help.target"))
@click.option("--incident", help=say("help.incident"))
@click.option(
    "-p",
    "parameters",
    nargs=2,
    multiple=True,
    metavar=say("help.name_value"),
    help=say("help.parameter"),
)
@click.option("--records", type=click.Path(path_type=Path), help=say("help.records"))
@click.option("--follow", is_flag=True, help=say("help.follow"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
def run(
    scenarios: tuple[str, ...],
    target: str | None,
    incident: str | None,
    parameters: tuple[tuple[str, str], ...],
    records: Path | None,
    follow: bool,
    as_json: bool,
) -> int:
    given = _given([("target", target), ("incident", incident), *parameters])
    with opened(len(set(scenarios))) as data_is_read:
        from runbook.catalog import find_root, load

        catalog = load(find_root())
        data_is_read()
        # From here on two processes import side by side: what kernels need, and what runs them.
        from runbook.cli.running import diagnose

        where = records or catalog.root / "records"
        return diagnose(catalog, scenarios, given, where, follow=follow, as_json=as_json)


def _given(pairs: list[tuple[str, str | None]]) -> dict[str, str]:
    """The parameters by name; raises BadInput where one is given twice and differently."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if value is None:
            continue
        if found.setdefault(name, value) != value:
            raise BadInput(
                say("parameter.twice", name=name, first=ascii(found[name]), second=ascii(value))
            )
    return found
