"""The figures over all incidents, into their page."""

from __future__ import annotations

from pathlib import Path

from runbook.catalog import Catalog
from runbook.publish.write import fill
from runbook.records.incident import incident_of, incidents_in
from runbook.render.figures import figures

PAGE = Path("records", "figures.html")


def publish_figures(catalog: Catalog, records: Path, site: Path) -> None:
    """Fills in the page of figures; an edition may lack it."""
    if not (site / PAGE).is_file():
        return
    titles = {slug: one.title for slug, one in catalog.scenarios.items()}
    incidents = [incident_of(folder) for folder in incidents_in(records)]
    fill(site / PAGE, "figures", figures(incidents, titles, ""))
