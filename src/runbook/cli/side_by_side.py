"""Several targets in one table: the regions or tenants of one system, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from runbook.catalog import Catalog
from runbook.cli.verdict import COLOURS
from runbook.model import CauseState, Diagnosis
from runbook.words import listed, say


def side_by_side(catalog: Catalog, found: Sequence[Diagnosis]) -> Table:
    """Who is ill and of what: a row a target, a column a scenario."""
    scenarios = list(dict.fromkeys(one.scenario for one in found))
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column(say("kinds.target"), overflow="fold")
    for slug in scenarios:
        table.add_column(catalog.scenarios[slug].title, overflow="fold")
    rows: dict[str, dict[str, Diagnosis]] = {}
    for one in found:
        # Of a scenario that was run twice on a target the later run counts.
        rows.setdefault(one.target, {})[one.scenario] = one
    for target, own in rows.items():
        table.add_row(target, *(_cell(own.get(slug)) for slug in scenarios))
    return table


def _cell(one: Diagnosis | None) -> Text:
    if one is None:
        return Text(say("page.none"), style="dim")
    causes = one.in_state(CauseState.CONFIRMED)
    words = f" {listed(cause.title for cause in causes)}" if causes else ""
    return Text(f"{one.verdict}{words}", style=COLOURS[one.verdict])
