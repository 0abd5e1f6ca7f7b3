"""The records into a site already built: their pages copied, the lists of them filled in."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from runbook.errors import BadInput
from runbook.publish.months import by_month, newest, publish_months, publish_scripts
from runbook.publish.shelf import Shelf
from runbook.publish.write import fill
from runbook.records.incident import incident_of, incidents_in
from runbook.records.reading import record_of
from runbook.render.html import join
from runbook.render.record_filter import filters, merged
from runbook.render.record_list import (
    Entry,
    Group,
    Latest,
    Listed,
    latest_list,
    latest_of,
    listed_group,
    month_links,
    month_nav,
    record_list,
    sections,
)
from runbook.words import say

LATEST = 5
_log = logging.getLogger(__name__)


def publish_records(records_dir: Path, site: Path, shelf: Shelf | None = None) -> int:
    """The number of records now on the site, those that cannot be read among them.

    Only what stands between the markers of the two pages is replaced, so that publishing again
    changes nothing; every month has a page of its own beside the list.  Raises BadInput where the
    site is not built, or has no markers.
    """
    listing, home = site / "records" / "index.html", site / "index.html"
    for page in (listing, home):
        if not page.is_file():
            raise BadInput(say("page.no_site", page=page))
    shelf = shelf or Shelf(records_dir, site / "records")
    for folder in shelf.folders:
        if not shelf.stands(folder):
            _copy_pages(folder, site / "records" / folder.name)
    kept = {folder.name for folder in shelf.folders}
    for folder in incidents_in(site / "records"):
        if folder.name not in kept:
            shutil.rmtree(folder)
    found = listed(shelf)
    months = by_month(found)
    fill(listing, "records", record_list(found, newest(found), month_links(months)))
    fill(home, "latest-records", latest_list(_latest(records_dir, found, shelf)))
    publish_months(listing, "records", "", {month: _month(months, month) for month in months})
    publish_scripts(site / "records", {month: sections(of) for month, of in months.items()})
    lost = sum(one.lost for one in found)
    if lost:
        _log.warning(say("page.unreadable_log", count=lost))
    return sum(one.size for one in found)


def listed(shelf: Shelf) -> list[Listed]:
    """What the lists tell of every incident, where anything happened last first."""
    told = (shelf.of(folder, "listed", tell_listed) for folder in shelf.folders)
    found = (Listed(*one) for one in told if one)
    return sorted(found, key=lambda one: (one.order, one.name), reverse=True)


def tell_listed(folder: Path) -> list[object]:
    """What the lists tell of the incident; nothing where nobody opened it and nothing ran."""
    group = Group(incident_of(folder), tuple(_entries(folder)))
    return list(listed_group(group)) if group.entries or group.incident.opened else []


def _latest(records: Path, found: Iterable[Listed], shelf: Shelf) -> list[Latest]:
    """The newest records of all; nothing in an incident is newer than its place in the list."""
    newest: list[Latest] = []
    for one in found:
        if len(newest) == LATEST and one.order < newest[-1].order:
            break
        told = shelf.of(records / one.name, "latest", tell_latest)
        newest = sorted((*newest, *(Latest(*each) for each in told)), reverse=True)[:LATEST]
    return newest


def tell_latest(folder: Path) -> list[list[object]]:
    """The records of the incident as the home page would list them."""
    return [list(one) for one in latest_of(_entries(folder))]


def _month(months: Mapping[str, list[Listed]], month: str) -> str:
    found = months[month]
    count = sum(one.size for one in found)
    return join(
        (
            Markup('<p class="rb-note">{}</p>').format(
                say("page.month_count", month=month, count=count)
            ),
            filters(merged(one.choices for one in found), count),
            sections(found),
            month_nav(
                Markup('<a href="{0}.html"{1}>{0}</a>').format(
                    one, Markup(' aria-current="page"') if one == month else ""
                )
                for one in months
            ),
        )
    )


def _entries(folder: Path) -> Iterator[Entry]:
    pages = set(pages_of(folder))
    for notebook in sorted(folder.glob("*.ipynb")):
        if not _ours(notebook):
            continue
        name = notebook.stem
        page = f"{quote(folder.name)}/{quote(name)}.html" if name in pages else None
        yield Entry(folder.name, name, page, record_of(notebook))


def pages_of(folder: Path) -> list[str]:
    """The names of the records in the folder that have a page."""
    return [one.stem for one in folder.glob("*.html") if _ours(one) and one.is_file()]


def _ours(path: Path) -> bool:
    # A link could lead anywhere, and a name with a dot is a file still being written.
    return not path.is_symlink() and not path.name.startswith(".")


def _copy_pages(folder: Path, to: Path) -> None:
    """The pages of the records as they are kept, and none of a record that is gone."""
    names = pages_of(folder)
    for name in names:
        _copy(folder / f"{name}.html", to / f"{name}.html")
    if to.is_dir():
        ours = {f"{name}{end}.html" for name in names for end in ("", "-exercise")}
        for file in to.glob("*.html"):
            if file.name not in ours and file.name != "index.html":
                file.unlink()


def _copy(page: Path, to: Path) -> None:
    # A copy, not a hard link: what edits the site must not reach the records.
    made = to.stat() if to.exists() else None
    kept = page.stat()
    if made and (made.st_size, made.st_mtime_ns) == (kept.st_size, kept.st_mtime_ns):
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    new = to.with_name(f".{to.name}.{os.getpid()}")
    shutil.copy2(page, new)
    new.replace(to)
