"""The board of what must be looked at again, into its page of a site already built."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path

from runbook.catalog import Catalog
from runbook.freshness import Name, board, latest, used_in
from runbook.model import Exercise
from runbook.publish.shelf import Shelf, Teller
from runbook.publish.write import fill
from runbook.render.freshness import freshness_board, periods_line
from runbook.render.html import join


def publish_freshness(
    catalog: Catalog, used: Mapping[Name, Exercise], site: Path, today: date
) -> None:
    """What stands between the markers of `freshness.html` is replaced; an edition may lack it."""
    page = site / "freshness.html"
    if not page.is_file():
        return
    html = freshness_board(board(catalog, used), catalog.contacts, today)
    fill(page, "freshness", join((html, periods_line(catalog.reviews.periods))))


def used(catalog: Catalog, shelf: Shelf) -> dict[Name, Exercise]:
    """The last time each thing was used, in all the incidents."""
    tell = tell_used(catalog)
    told = (shelf.of(folder, "used", tell) for folder in shelf.folders)
    return latest(
        {(kind, name): Exercise(datetime.fromisoformat(at), page) for kind, name, at, page in one}
        for one in told
    )


def tell_used(catalog: Catalog) -> Teller:
    """What tells of an incident which things were last used in it, and on which page."""
    return partial(_used, catalog)


def _used(catalog: Catalog, folder: Path) -> list[list[str]]:
    found = used_in(catalog, folder).items()
    return [[*name, one.at.isoformat(), one.page] for name, one in found]
