"""The feed of incidents: read by a library, each incident one entry that keeps its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from runbook.model.event import Level, Noted, Opened, Resolved
from runbook.publish import publish_feed
from runbook.records.log import append

AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> & ]]> \x00\x08\ufffe 库"
LEVEL = Level(
    severity="P1", respond_within=timedelta(minutes=30), resolve_within=timedelta(hours=4)
)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    for number, title in enumerate(("数据库连不上", HOSTILE, "演练"), 1):
        kind = "drill" if title == "演练" else "real"
        name = f"{'DRILL' if kind == 'drill' else 'INC'}-20261124-{number:02d}"
        (tmp_path / "records" / name).mkdir(parents=True)
        opened = Opened(
            at=AT + timedelta(hours=number),
            kind=kind,
            title=title,
            level=LEVEL,
            commander="lisi",
            commander_name="李四",
        )
        append(tmp_path / "records" / name, opened.facts)
    (tmp_path / "records" / "INC-20261124-99").mkdir()
    append(tmp_path / "records" / "INC-20261124-99", Noted(at=AT, text="没有开启").facts)
    return tmp_path / "records"


def read(records: Path) -> tuple[dict[str, Any], Any]:
    """The entries by their links, and the whole; what the parser would only put up with fails."""
    publish_feed(records, records.parent)
    found = feedparser.parse((records.parent / "records" / "feed.atom").read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return {entry.links[0].href.split("/")[-2]: entry for entry in found.entries}, found.feed


def test_every_incident_that_was_opened_is_an_entry_the_last_told_of_first(records: Path) -> None:
    entries, feed = read(records)
    assert list(entries) == ["DRILL-20261124-03", "INC-20261124-02", "INC-20261124-01"]
    first = entries["INC-20261124-01"]
    assert first.title == "待响应 P1 数据库连不上"
    assert first.published == first.updated == "2026-11-24T04:12:00Z"
    assert feed.updated == entries["DRILL-20261124-03"].updated
    assert entries["DRILL-20261124-03"].tags[0].term == "drill"
    assert feed.author == "Aura Flow 事故响应手册"


def test_foreign_words_are_text_and_what_xml_cannot_hold_is_replaced(records: Path) -> None:
    entries, _ = read(records)
    assert entries["INC-20261124-02"].title_detail.type == "text/plain"
    assert "<script>alert(1)</script> & ]]> ��� 库" in entries["INC-20261124-02"].title


def test_what_is_told_changes_that_entry_alone_and_no_name(records: Path) -> None:
    before, _ = read(records)
    file = records / "feed.atom"
    raw = file.read_bytes()
    read(records)
    assert file.read_bytes() == raw
    written = AT + timedelta(hours=9)
    event = Resolved(at=AT + timedelta(hours=2), written=written, late=True, text="重启")
    append(records / "INC-20261124-01", event.facts)
    after, _ = read(records)
    assert next(iter(after)) == "INC-20261124-01"
    assert after["INC-20261124-01"].updated == "2026-11-24T12:12:00Z"
    assert after["INC-20261124-01"].title.startswith("已解决")
    assert "重启" in after["INC-20261124-01"].summary
    for name, entry in after.items():
        assert entry.id == before[name].id
        assert (entry.updated == before[name].updated) is (name != "INC-20261124-01")
    assert len({entry.id for entry in after.values()}) == 3


def test_without_incidents_the_feed_is_empty_and_still_a_feed(tmp_path: Path) -> None:
    entries, feed = read(tmp_path / "records")
    assert entries == {}
    assert feed.updated == "1970-01-01T00:00:00Z"
