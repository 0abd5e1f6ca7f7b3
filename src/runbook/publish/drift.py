"""The last comparison of each target with its deployment, into its page of a built site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup

from runbook.catalog import Catalog
from runbook.drift.results import FRESH, edition, last
from runbook.publish.write import fill
from runbook.render.drift import target_section
from runbook.render.html import join


def publish_drift(catalog: Catalog, records: Path, site: Path) -> None:
    """What stands between the markers of `drift.html` is replaced; an edition may lack it."""
    page = site / "drift.html"
    if page.is_file():
        fill(page, "drift", join(_sections(catalog, records)))


def _sections(catalog: Catalog, records: Path) -> Iterator[Markup]:
    now = edition(catalog.root)
    titles = {name: raw["title"] for name, raw in catalog.target_file.value.items()}
    for name, title in titles.items():
        found = last(records, name)
        changed = found is not None and found.edition != now
        yield target_section(name, title, found, FRESH, changed, catalog.rotation.tz)
