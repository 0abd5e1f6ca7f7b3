"""After years of incidents: only what changed is read and written, and no list is endless."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from handmade import ROOT, Built, keep, record, unfinished

from runbook.catalog import load
from runbook.errors import BadInput
from runbook.publish import publish
from runbook.publish.shelf import FILE
from runbook.records.log import append

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


@pytest.fixture
def grown(built: Built, tmp_path: Path) -> Built:
    """A site with incidents of two years, a month each, of six runs."""
    site, records = tmp_path / "site", tmp_path / "records"
    shutil.copytree(built.site, site)
    for folder in (site / "records").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    for month in range(24):
        name = f"INC-{2024 + month // 12}{month % 12 + 1:02d}05-01"
        for minutes in range(6):
            keep(records, record(name, minutes=minutes))
    publish(load(ROOT), records, site, NOW)
    return Built(site, records)


def again(grown: Built, before: Path | None = None) -> None:
    publish(load(ROOT), grown.records, grown.site, NOW, before)


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def unreadable_in_place(file: Path) -> None:
    """Other bytes of the same size and time: whoever reads the file finds nothing in it."""
    was = file.stat()
    file.write_bytes(b"x" * was.st_size)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


def test_publishing_again_reads_no_record_and_writes_nothing(grown: Built) -> None:
    for file in grown.records.glob("*/*.ipynb"):
        unreadable_in_place(file)
    before = times(grown.site)
    again(grown)
    assert times(grown.site) == before


def test_a_record_that_changed_is_read_again_and_no_other(grown: Built) -> None:
    for file in grown.records.glob("*/*.ipynb"):
        unreadable_in_place(file)
    before = times(grown.site / "records")
    keep(grown.records, unfinished("INC-20240305-01"))
    again(grown)
    changed = {
        path.name
        for path, time in times(grown.site / "records").items()
        if time != before.get(path)
    }
    assert {"031208-database-connection.html", "2024-03.html", "2024-03.js"} <= changed
    assert "2024-04.html" not in changed
    assert "未完成" in (grown.site / "records" / "2024-03.html").read_text("utf-8")


def test_what_was_kept_of_other_data_is_not_believed(grown: Built) -> None:
    (kept := grown.records / FILE).write_text(
        kept.read_text("utf-8").replace("2024-03", "x"), "utf-8"
    )
    again(grown)
    kept.write_text('{"made_by": "x"', "utf-8")
    again(grown)
    assert "INC-20240305-01" in (grown.site / "records" / "2024-03.html").read_text("utf-8")


def test_a_page_that_was_taken_away_or_changed_in_the_site_is_made_again(grown: Built) -> None:
    folder = grown.site / "records" / "INC-20240305-01"
    before = times(folder)
    gone, other = sorted(folder.iterdir())[:2]
    gone.unlink()
    other.write_text("x")
    again(grown)
    assert times(folder).keys() == before.keys()
    assert other.read_text("utf-8") != "x"


def test_an_incident_and_a_record_that_are_gone_leave_the_site(grown: Built) -> None:
    shutil.rmtree(grown.records / "INC-20240305-01")
    (page,) = (grown.records / "INC-20240405-01").glob("031208-*.html")
    page.with_suffix(".ipynb").unlink()
    page.unlink()
    again(grown)
    records = grown.site / "records"
    assert not (records / "INC-20240305-01").exists()
    assert not (records / "INC-20240405-01" / page.name).exists()
    assert not (records / "2024-03.html").exists() and not (records / "2024-03.js").exists()
    assert "INC-20240305-01" not in (records / "index.html").read_text("utf-8")


def test_a_running_clock_is_told_anew_each_time(grown: Built) -> None:
    folder = grown.records / "INC-20240305-01"
    level = {"severity": "P1", "respond_within": "PT30M", "resolve_within": "PT4H"}
    opening = {"kind": "real", "title": "x", "commander": "lisi", "commander_name": "李四"}
    append(folder, {"event": "open", "at": "2024-03-05T03:12:00+08:00", "level": level, **opening})
    again(grown)
    page = grown.site / "records" / folder.name / "index.html"
    first = page.read_text("utf-8")
    publish(load(ROOT), grown.records, grown.site, NOW.replace(day=25))
    assert page.read_text("utf-8") != first
    append(folder, {"event": "resolve", "at": "2024-03-05T04:12:00+08:00", "text": "好了"})
    again(grown)
    ended = page.read_text("utf-8")
    publish(load(ROOT), grown.records, grown.site, NOW.replace(day=26))
    assert page.read_text("utf-8") == ended


def test_the_list_shows_the_newest_and_leads_to_every_month(grown: Built) -> None:
    listing = (grown.site / "records" / "index.html").read_text("utf-8")
    assert "共 144 份" in listing
    assert 100 <= listing.count("<li data-scenario") < 120
    assert listing.count('.html" data-has=') == 24
    shown = 0
    for month in (grown.site / "records").glob("20??-??.html"):
        text = month.read_text("utf-8")
        shown += text.count("<li data-scenario")
        assert f"<title>{month.stem} " in text
        assert f'href="{month.name}" aria-current="page"' in text
    assert shown == 144


def test_a_new_site_takes_the_pages_of_the_old_and_gives_them_back_where_it_fails(
    grown: Built, built: Built, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    shutil.copytree(built.site, new)
    for folder in (new / "records").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    home = (new / "index.html").read_bytes()
    (new / "index.html").write_text("x")
    before = times(grown.site / "records")
    with pytest.raises(BadInput, match="核对 docs/"):
        publish(load(ROOT), grown.records, new, NOW, grown.site)
    assert times(grown.site / "records").keys() == before.keys()
    (new / "index.html").write_bytes(home)
    publish(load(ROOT), grown.records, new, NOW, grown.site)
    name = "INC-20240305-01"
    old = {path.name: time for path, time in before.items() if path.parent.name == name}
    assert {path.name: time for path, time in times(new / "records" / name).items()} == old
    assert not (grown.site / "records" / name).exists()


def test_what_is_older_than_the_index_is_found_by_its_month(
    grown: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbook.publish.search.found.NEWEST", 60)
    again(grown)
    index = (grown.site / "search" / "search_index.json").read_text("utf-8")
    assert '"location":"records/2024-03.html"' in index
    assert "records/INC-20240305-01/" not in index
    assert "records/INC-20251205-01/" in index
