"""When each scenario and the handbook were last of use, at the end of every page."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from runbook.freshness import Name
from runbook.model import Exercise
from runbook.publish.months import is_month
from runbook.publish.write import fill
from runbook.render.page_facts import MARKER, exercised


def publish_exercised(used: Mapping[Name, Exercise], site: Path) -> None:
    """What stands after the marker of every page of the generator is replaced."""
    runs = {name: one for (kind, name), one in used.items() if kind == "scenario"}
    for page in pages_of_the_generator(site):
        if f"<!-- runbook:{MARKER} -->" in page.read_text(encoding="utf-8"):
            scenario = page.parent.name == "scenarios" and page.stem != "index"
            known = [runs[page.stem]] if page.stem in runs else []
            last = max(known if scenario else runs.values(), default=None)
            base = "../" * (len(page.relative_to(site).parts) - 1)
            fill(page, MARKER, exercised(last, scenario, base))


def pages_of_the_generator(site: Path) -> Iterator[Path]:
    """Every page but those of incidents and of months."""
    for base, folders, files in os.walk(site):
        if Path(base) == site / "records":
            folders.clear()
        folders.sort()
        for name in sorted(files):
            if name.endswith(".html") and not is_month(name):
                yield Path(base, name)
