"""The records into a site already built: their pages copied, the lists of them filled in."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from runbook.errors import BadInput
from runbook.model import Record
from runbook.publish.write import fill
from runbook.records.incident import incident_of, incidents_in
from runbook.records.reading import record_of
from runbook.render.page_facts import MARKER, exercised
from runbook.render.record_list import Entry, Group, latest_list, record_list
from runbook.words import say

LATEST = 5
_log = logging.getLogger(__name__)


def publish_records(records_dir: Path, site: Path) -> int:
    """The number of records now on the site, those that cannot be read among them.

    Only what stands between the markers of the two pages is replaced, so that publishing again
    changes nothing.  Raises BadInput where the site is not built, or has no markers.
    """
    listing, home = site / "records" / "index.html", site / "index.html"
    for page in (listing, home):
        if not page.is_file():
            raise BadInput(say("page.no_site", page=page))
    groups = list(_groups(records_dir, site / "records"))
    entries = [entry for group in groups for entry in group.entries]
    fill(listing, "records", record_list(groups))
    fill(home, "latest-records", latest_list(entries, LATEST, "records/"))
    readable = [entry.record for entry in entries if entry.record and entry.page]
    for page in site.rglob("*.html"):
        if f"<!-- runbook:{MARKER} -->" in page.read_text(encoding="utf-8"):
            fill(page, MARKER, _exercised(readable, page.relative_to(site)))
    lost = sum(entry.record is None for entry in entries)
    if lost:
        _log.warning(say("page.unreadable_log", count=lost))
    return len(entries)


def _exercised(records: list[Record], page: Path) -> str:
    scenario = page.stem if page.parent.name == "scenarios" and page.stem != "index" else None
    return exercised(records, scenario, "../" * (len(page.parts) - 1))


def _groups(records_dir: Path, site_records: Path) -> Iterator[Group]:
    for folder in incidents_in(records_dir):
        group = Group(incident_of(folder), tuple(_entries(folder, site_records)))
        if group.entries or group.incident.opened:
            yield group


def _entries(folder: Path, site_records: Path) -> Iterator[Entry]:
    pages = {one.stem for one in folder.glob("*.html") if _ours(one) and one.is_file()}
    for name in pages:
        _copy(folder / f"{name}.html", site_records / folder.name / f"{name}.html")
    for notebook in sorted(folder.glob("*.ipynb")):
        if not _ours(notebook):
            continue
        name = notebook.stem
        page = f"{quote(folder.name)}/{quote(name)}.html" if name in pages else None
        yield Entry(folder.name, name, page, record_of(notebook))


def _ours(path: Path) -> bool:
    # A link could lead anywhere, and a name with a dot is a file still being written.
    return not path.is_symlink() and not path.name.startswith(".")


def _copy(page: Path, to: Path) -> None:
    # A copy, not a hard link: what edits the site must not reach the records.
    made = to.stat() if to.exists() else None
    kept = page.stat()
    if made and (made.st_size, made.st_mtime_ns) == (kept.st_size, kept.st_mtime_ns):
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(page, to)
