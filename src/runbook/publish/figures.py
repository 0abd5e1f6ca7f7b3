"""The figures over all incidents, into their page."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from runbook.catalog import Catalog
from runbook.publish.shelf import Shelf
from runbook.publish.write import fill
from runbook.records.incident import incident_of
from runbook.render.figures import figures
from runbook.render.tally import Story, story

PAGE = Path("records", "figures.html")


def publish_figures(catalog: Catalog, site: Path, shelf: Shelf) -> None:
    """Fills in the page of figures; an edition may lack it."""
    if not (site / PAGE).is_file():
        return
    titles = {slug: one.title for slug, one in catalog.scenarios.items()}
    told = (shelf.of(folder, "story", tell_story) for folder in shelf.folders)
    fill(site / PAGE, "figures", figures([_story(one) for one in told if one], titles, ""))


def tell_story(folder: Path) -> list[Any] | None:
    """What is counted of the incident; None where nobody opened it."""
    told = story(incident_of(folder))
    if told is None:
        return None
    took = {clock: time.total_seconds() for clock, time in told.took.items()}
    return list(told._replace(at=told.at.isoformat(), took=took))  # type: ignore[arg-type]


def _story(told: list[Any]) -> Story:
    kept = Story(*told)
    took = {clock: timedelta(seconds=time) for clock, time in told[3].items()}
    return kept._replace(at=datetime.fromisoformat(told[1]), took=took)
