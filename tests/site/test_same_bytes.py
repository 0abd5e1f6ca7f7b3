"""The same data at the same time of build makes the same site, byte for byte."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handmade import ROOT, build, keep, record

from runbook.model.event import Level, Opened
from runbook.records.log import append
from tests.conftest import Runbook

BUILT = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def made(root: Path, runbook: Runbook, **environ: str) -> dict[str, bytes]:
    """The whole site of a copy of the project that stands there, by the names of its files."""
    for folder in ("docs", "data", "macros", "notebooks"):
        # Not the times of the files: another checkout has others.
        shutil.copytree(ROOT / folder, root / folder, copy_function=shutil.copyfile)
    (root / "src" / "runbook").mkdir(parents=True)
    shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    site, records = root / "site", root / "records"
    environ |= {"RUNBOOK_ROOT": str(root), "SOURCE_DATE_EPOCH": str(int(BUILT.timestamp()))}
    assert build(root, site, **environ).returncode == 0
    keep(records, record("INC-20261124-01"))
    level = Level(
        severity="P1", respond_within=timedelta(hours=1), resolve_within=timedelta(days=1)
    )
    who = {"commander": "lisi", "commander_name": "李四"}
    opened = Opened(at=BUILT - timedelta(hours=2), kind="real", title="x", level=level, **who)
    append(records / "INC-20261124-01", opened.facts)
    done = runbook("publish", str(site), "--records", str(records), **environ)
    assert done.returncode == 0, done.stderr
    files = [file for file in site.rglob("*") if file.is_file()]
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in files}


def test_two_builds_of_the_same_data_are_the_same_site(tmp_path: Path, runbook: Runbook) -> None:
    here, there = tmp_path / "here", tmp_path / "there" / "deeper"
    one = made(here, runbook, PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C.UTF-8")
    other = made(there, runbook, PYTHONHASHSEED="2", TZ="America/New_York", LC_ALL="C")
    assert one.keys() == other.keys()
    assert {"oncall.ics", "contacts.vcf", "api/oncall.json", "records/feed.atom"} <= one.keys()
    assert [name for name in one if one[name] != other[name]] == []
    times = {file: file.stat().st_mtime_ns for file in (here / "site").rglob("*")}
    environ = {"RUNBOOK_ROOT": str(here), "SOURCE_DATE_EPOCH": str(int(BUILT.timestamp()))}
    runbook("publish", str(here / "site"), "--records", str(here / "records"), **environ)
    assert {file: file.stat().st_mtime_ns for file in (here / "site").rglob("*")} == times
