"""The board of what must be looked at again, into its page of a site already built."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from runbook.catalog import Catalog
from runbook.freshness import board, exercises
from runbook.publish.write import fill
from runbook.render.freshness import freshness_board, periods_line
from runbook.render.html import join


def publish_freshness(catalog: Catalog, records: Path, site: Path, today: date) -> None:
    """What stands between the markers of `freshness.html` is replaced; an edition may lack it."""
    page = site / "freshness.html"
    if not page.is_file():
        return
    found = board(catalog, exercises(catalog, records))
    html = freshness_board(found, catalog.contacts, today)
    fill(page, "freshness", join((html, periods_line(catalog.reviews.periods))))
