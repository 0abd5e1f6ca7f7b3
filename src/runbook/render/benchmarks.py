"""How fast it is, as `make bench` measured it: each figure with its command, machine and range."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from markupsafe import Markup

from runbook.render.html import join
from runbook.words import say

_SIDES = ("ours", "floor", "peer")


def benchmarks(file: Path) -> Markup:
    """Every row as an entry; the file is what `make bench` wrote, and need not be there."""
    if not file.exists():
        return Markup("<p>{}</p>").format(say("bench.never"))
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    link = Markup('<p><a href="assets/{0}">{0}</a></p>').format(file.name)
    return join((*(_row(one) for one in rows), link))


def _row(row: Mapping[str, Any]) -> Markup:
    at = row["at"].rstrip("Z").replace("T", " ")
    sides = join(_side(row, name) for name in _SIDES if name in row)
    limits = join(_limit(row, name, limit) for name, limit in row["limits"].items())
    return Markup(
        '<section class="rb-bench"><h3 id="{}">{}</h3><ul>{}{}</ul>'
        '<p class="rb-note">{}</p></section>\n'
    ).format(
        row["name"],
        row["title"],
        sides,
        limits,
        say("bench.head", commit=row["commit"], at=at, machine=row["machine"]),
    )


def _side(row: Mapping[str, Any], name: str) -> Markup:
    side = row[name]
    seconds = side["seconds"]
    told = say(
        "bench.measured",
        middle=_time(median(seconds)),
        low=_time(min(seconds)),
        high=_time(max(seconds)),
    )
    if side.get("memory"):
        told += say("bench.memory", megabytes=f"{max(side['memory']):.0f}")
    if name != "ours":
        told += say("page.dot") + say("bench.ratio", ratio=f"{_ratio(row, name):.2f}")
    worse = Markup()
    if name in row.get("regressed", ()):
        before = say("bench.regressed", before=f"{row['base'][name]:.2f}")
        worse = Markup(' <strong class="verdict verdict-fail">{}</strong>').format(before)
    return Markup("<li>{}{}<code>{}</code> {}{}</li>").format(
        say(f"bench.{name}"), say("page.colon"), side["command"], told, worse
    )


def _limit(row: Mapping[str, Any], name: str, limit: float) -> Markup:
    measured = {
        "seconds": lambda: median(row["ours"]["seconds"]),
        "slowest": lambda: max(row["ours"]["seconds"]),
        "memory": lambda: max(row["ours"].get("memory") or [0]),
    }.get(name, lambda: _ratio(row, name))()
    broken = Markup()
    if measured > limit:
        broken = Markup(' <strong class="verdict verdict-fail">{}</strong>').format(
            say("bench.broken")
        )
    return Markup("<li>{}{}{}{}</li>").format(
        say("bench.limit"),
        say("page.colon"),
        say(f"bench.at_most_{name}", limit=f"{limit:.3g}"),
        broken,
    )


def _ratio(row: Mapping[str, Any], name: str) -> float:
    return float(median(row["ours"]["seconds"]) / median(row[name]["seconds"]))


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
