"""Publishing fills in two lists, copies the pages, and touches nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import Built, keep, record, unfinished

from runbook.errors import BadInput
from runbook.model import Verdict
from runbook.publish import publish_records
from tests.conftest import Runbook

RECORDS, LATEST = "<!-- runbook:records -->", "<!-- runbook:latest-records -->"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "records").mkdir(parents=True)
    (site / "index.html").write_text(f"<p>前</p>{LATEST}<p>后</p>", encoding="utf-8")
    (site / "records" / "index.html").write_text(f"<p>前</p>{RECORDS}<p>后</p>", encoding="utf-8")
    return site


def test_records_stand_newest_first_under_their_incident(built: Built) -> None:
    listing = (built.site / "records" / "index.html").read_text(encoding="utf-8")
    order = [listing.index(f'id="{one}"') for one in ("DRILL-20261124-01", "INC-20261124-01")]
    assert order == sorted(order)
    assert listing.index("034208-database") < listing.index("031208-database")
    assert listing.index('id="INC-20261124-01"') < listing.index('id="INC-20261124-00"')
    for fact in ("数据库连接失败：数据库进程没有运行", "2026-11-24 03:42:08 UTC+08:00", "演练"):
        assert fact in listing


def test_every_link_of_the_lists_leads_to_a_page(built: Built) -> None:
    import re

    for page in (built.site / "records" / "index.html", built.site / "index.html"):
        links = re.findall(r'href="([^"]*-database-connection\.html)"', page.read_text("utf-8"))
        records = [link for link in links if "-2026" in link]
        assert records
        assert all((page.parent / link).is_file() for link in records)


def test_publishing_again_changes_nothing(built: Built) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.site.rglob("*")}
    assert publish_records(built.records, built.site) == 5
    assert {path: path.stat().st_mtime_ns for path in built.site.rglob("*")} == before


def test_only_what_stands_between_the_markers_is_replaced(site: Path, tmp_path: Path) -> None:
    keep(tmp_path / "records", record("INC-20261124-01"))
    publish_records(tmp_path / "records", site)
    first = (site / "index.html").read_text(encoding="utf-8")
    assert first.startswith(f"<p>前</p>{LATEST}")
    assert first.endswith("<!-- /runbook:latest-records --><p>后</p>")
    keep(tmp_path / "records", record("INC-20261124-02", minutes=9, verdict=Verdict.PASS))
    assert publish_records(tmp_path / "records", site) == 2
    second = (site / "index.html").read_text(encoding="utf-8")
    assert second.count("数据库连接失败") == 2
    assert second.endswith("<p>后</p>")


def test_an_unreadable_record_is_listed_and_counted_and_stops_nothing(
    site: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "records" / "INC-20261124-01"
    keep(tmp_path / "records", record("INC-20261124-01"))
    for name, text in {
        "empty": "",
        "half": '{"cells": [',
        "list": "[]",
        "foreign": '{"metadata": {}}',
        "null": '{"metadata": null}',
        "wrong": '{"metadata": {"runbook": {"incident": "x"}}}',
        "deep": "[" * 100_000,
        "bytes": "\udcff",
    }.items():
        path = folder / f"{name}.ipynb"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert publish_records(tmp_path / "records", site) == 9
    listing = (site / "records" / "index.html").read_text(encoding="utf-8")
    assert "8 份读不出来" in listing
    assert "half" in listing
    assert "8 份记录读不出来" in caplog.text


def test_a_file_still_being_written_or_linked_from_elsewhere_is_left_out(
    site: Path, tmp_path: Path
) -> None:
    page = keep(tmp_path / "records", record("INC-20261124-01"))
    (page.parent / ".half.html").write_text("x")
    (page.parent / "link.html").symlink_to("/etc/passwd")
    (page.parent / "link.ipynb").symlink_to("/etc/passwd")
    assert publish_records(tmp_path / "records", site) == 1
    copied = [path.name for path in (site / "records" / "INC-20261124-01").iterdir()]
    assert copied == [page.name]


def test_without_records_the_lists_say_so(site: Path, tmp_path: Path) -> None:
    assert publish_records(tmp_path / "nowhere", site) == 0
    assert "还没有记录" in (site / "index.html").read_text(encoding="utf-8")


def test_a_run_that_did_not_end_has_no_verdict_in_the_list(site: Path, tmp_path: Path) -> None:
    keep(tmp_path / "records", unfinished("INC-20261124-01"))
    publish_records(tmp_path / "records", site)
    assert "未完成" in (site / "records" / "index.html").read_text(encoding="utf-8")


def test_a_site_that_is_not_built_or_lost_its_markers_is_refused(
    site: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="先运行 mkdocs build --strict"):
        publish_records(tmp_path, tmp_path / "nowhere")
    (site / "index.html").write_text("x")
    with pytest.raises(BadInput, match="核对 docs/"):
        publish_records(tmp_path, site)


def test_a_thousand_records_are_published_and_listed(site: Path, tmp_path: Path) -> None:
    page = keep(tmp_path / "records", record("INC-20261124-01"))
    html, notebook = page.read_bytes(), page.with_suffix(".ipynb").read_bytes()
    for number in range(1000):
        folder = tmp_path / "records" / f"INC-20261125-{number // 20:02d}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:06d}-x.html").write_bytes(html)
        (folder / f"{number:06d}-x.ipynb").write_bytes(notebook)
    assert publish_records(tmp_path / "records", site) == 1001


def test_a_time_of_the_build_that_is_none_is_refused(site: Path, runbook: Runbook) -> None:
    done = runbook("publish", str(site), SOURCE_DATE_EPOCH="2026-11-24")
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH='2026-11-24'" in done.stderr
    assert "git log -1 --format=%ct" in done.stderr
