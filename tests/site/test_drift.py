"""The page of drift: the last comparison of each target, and how old it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from runbook.catalog import load
from runbook.drift.results import edition, keep, last
from runbook.model.drift import Comparison, Drift, NotCompared
from runbook.publish.drift import publish_drift
from tests.conftest import ROOT

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}"


def comparison(**facts: object) -> Comparison:
    drift = Drift(
        where="data/axes.yml:12:7",
        kind="service",
        code="no_service",
        name="api",
        found=HOSTILE,
        why="它要紧。",
        also=("data/axes.yml:14:42",),
    )
    known = {
        "target": "production",
        "title": "生产环境",
        "at": datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
        "seconds": 1.5,
        "claims": 300,
        "edition": edition(ROOT),
        "drift": (drift,),
        "unseen": (NotCompared(kind="database", count=2, reason=HOSTILE),),
    }
    return Comparison.model_validate({**known, **facts})


def page(records: Path, site: Path) -> str:
    site.mkdir(exist_ok=True)
    (site / "drift.html").write_text("<main><!-- runbook:drift --></main>", encoding="utf-8")
    publish_drift(load(ROOT), records, site)
    return (site / "drift.html").read_text(encoding="utf-8")


def test_the_last_comparison_is_shown_with_its_places_and_what_was_not_seen(tmp_path: Path) -> None:
    keep(comparison(claims=299), tmp_path)
    keep(comparison(), tmp_path)
    html = page(tmp_path, tmp_path / "site")
    for said in (
        "data/axes.yml:12:7",
        "data/axes.yml:14:42",
        "它要紧。",
        "300",
        "2026-11-24 11:00",
    ):
        assert said in html
    assert "299" not in html
    assert 'data-until="2026-12-01"' in html
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_a_target_nobody_compared_says_how(tmp_path: Path) -> None:
    html = page(tmp_path, tmp_path / "site")
    assert html.count("还没有对照过") == len(load(ROOT).target_names)
    assert '<span class="rb-word">--target</span> production' in html


def test_a_comparison_with_what_the_runbook_said_before_says_so(tmp_path: Path) -> None:
    keep(comparison(edition="0" * 16), tmp_path)
    assert "手册改过" in page(tmp_path, tmp_path / "site")
    keep(comparison(), tmp_path)
    assert "手册改过" not in page(tmp_path, tmp_path / "site")


def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path) -> None:
    file = keep(comparison(), tmp_path)
    assert last(tmp_path, "production") == comparison()
    file.write_text(file.read_text(encoding="utf-8")[:100], encoding="utf-8")
    assert last(tmp_path, "production") is None
    file.with_name("drill.json").write_text(comparison().model_dump_json(), encoding="utf-8")
    assert last(tmp_path, "drill") is None


def test_publishing_again_writes_the_same(tmp_path: Path) -> None:
    keep(comparison(), tmp_path)
    assert page(tmp_path, tmp_path / "site") == page(tmp_path, tmp_path / "site")
