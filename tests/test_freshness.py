"""Whatever the handbook rests on is looked at again in time, or is named with its owner."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook.catalog import load
from runbook.errors import Exit
from runbook.freshness import board, exercises
from tests.conftest import ROOT, Runbook

RECORDS = ROOT / "records"
SHOWN = RECORDS / "DRILL-20261125-01"


@pytest.fixture
def lasting(copy: Path) -> Path:
    """A project of which nothing expires while these tests are kept, with its records."""
    file = copy / "data" / "reviews.yml"
    file.write_text(file.read_text().replace("P90D", "P36500D").replace("P180D", "P36500D"))
    shutil.copytree(SHOWN, copy / "records" / SHOWN.name)
    return copy


def asked(runbook: Runbook, root: Path, *more: str) -> tuple[int, str]:
    done = runbook("check", "--freshness", *more, RUNBOOK_ROOT=str(root))
    return done.returncode, done.stdout


def test_everything_has_its_owner_and_its_day_and_what_expires_first_is_first() -> None:
    catalog = load(ROOT)
    found = board(catalog, exercises(catalog, RECORDS))
    counts = {kind: sum(one.kind == kind for one in found) for kind in {one.kind for one in found}}
    assert counts == {
        "page": len(catalog.pages) - len(catalog.scenarios),
        "scenario": len(catalog.scenarios),
        "contact": len(catalog.contacts),
        "vendor": len(catalog.vendors),
        "threshold": len(catalog.monitoring.thresholds),
    }
    days = [one.until or date.min for one in found]
    assert days == sorted(days)
    assert all(one.title and "{" not in one.title for one in found)


def test_a_thing_is_good_to_the_end_of_its_last_day() -> None:
    catalog = load(ROOT)
    for one in board(catalog, exercises(catalog, RECORDS)):
        assert one.until is not None
        assert not one.expired(one.until)
        assert one.expired(one.until + timedelta(days=1))


def test_the_last_exercise_is_what_the_records_prove() -> None:
    last = exercises(load(ROOT), RECORDS)
    newest = max(SHOWN.glob("*-database-connection.html"))
    assert last["scenario", "database-connection"].page == f"{SHOWN.name}/{newest.name}"
    assert last["threshold", "memory"].page.startswith(SHOWN.name)
    assert last["contact", "zhaoliu"].page == f"{SHOWN.name}/index.html"
    assert ("contact", "wangwu") not in last
    for exercise in last.values():
        assert exercise.page.endswith("/index.html") or (RECORDS / exercise.page).is_file()


def test_nothing_expired_passes(lasting: Path, runbook: Runbook) -> None:
    code, said = asked(runbook, lasting)
    assert (code, said.count("\n")) == (Exit.PASS, 1)
    assert "都没有过期" in said


def test_what_has_expired_is_named_with_whom_to_call_and_as_json(
    lasting: Path, runbook: Runbook
) -> None:
    file = lasting / "data" / "reviews.yml"
    file.write_text(file.read_text().replace("contact: P36500D", "contact: P1D"))
    text = file.read_text().replace(
        "  lisi: {owner: lisi, reviewed: 2026", "  lisi: {owner: lisi, reviewed: 2006"
    )
    file.write_text(text)
    code, said = asked(runbook, lasting)
    assert code == Exit.WARNINGS
    first = said.splitlines()[0]
    assert first == f"联系人「李四」：2006-11-25 到期，找李四 {load(ROOT).contacts['lisi'].phone}"
    code, said = asked(runbook, lasting, "--json")
    found: list[dict[str, Any]] = json.loads(said)
    assert code == Exit.WARNINGS
    assert found[0] == {
        "kind": "contact",
        "name": "lisi",
        "title": "李四",
        "owner": "lisi",
        "reviewed": "2006-11-24",
        "exercised": None,
        "until": "2006-11-25",
        "expired": True,
    }
    assert len(found) == len(board(load(lasting), {}))


def test_a_scenario_nobody_ever_ran_has_expired(lasting: Path, runbook: Runbook) -> None:
    shutil.rmtree(lasting / "records")
    code, said = asked(runbook, lasting)
    assert code == Exit.WARNINGS
    for scenario in load(ROOT).scenarios.values():
        assert f"场景「{scenario.title}」：没有演练过" in said


def test_json_of_nothing_is_refused(runbook: Runbook) -> None:
    done = runbook("check", "--json")
    assert done.returncode == Exit.BAD_INPUT
    assert "--freshness" in done.stderr


def test_what_nobody_has_reviewed_yet_stops_nothing_and_is_first_to_be_looked_at(
    runbook: Runbook, lasting: Path
) -> None:
    file = lasting / "data" / "reviews.yml"
    file.write_text(
        file.read_text().replace("  wangwu: {owner: wangwu, reviewed: 2026-11-24}\n", "")
    )
    code, said = asked(runbook, lasting)
    assert code == Exit.WARNINGS
    assert "联系人「王五」：没有人核对过" in said.splitlines()[0]
    code, said = asked(runbook, lasting, "--json")
    first = json.loads(said)[0]
    assert (first["name"], first["owner"], first["expired"]) == ("wangwu", None, True)
