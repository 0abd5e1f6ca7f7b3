"""A calendar that is subscribed to: only duty moves in it, and what was given up goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ics
import pytest

from runbook.catalog import load
from runbook.model import Override, Overrides, Swap
from runbook.oncall import Roster, Turn, turns
from runbook.publish import publish_calendars
from runbook.publish.calendar import calendar
from tests.conftest import ROOT

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CATALOG = load(ROOT)
WHOLE = Override(
    role="primary",
    person="wangwu",
    instead_of="zhangsan",
    since=datetime(2026, 11, 30, 10),
    until=datetime(2026, 12, 7, 10),
    why="看病",
)
PART = WHOLE.model_copy(
    update={"since": datetime(2026, 12, 2, 18), "until": datetime(2026, 12, 4, 10)}
)
BEGIN = WHOLE.model_copy(update={"until": datetime(2026, 12, 2, 18)})
SWAP = Swap(role="primary", first=date(2026, 11, 30), second=date(2026, 12, 14), why="互换")
AGAIN = WHOLE.model_copy(update={"person": "lisi", "instead_of": "wangwu"})  # after the swap
UID = "primary-20261130@runbook.aura-flow"


def told(*changes: Swap | Override) -> list[Turn]:
    swaps = tuple(one for one in changes if isinstance(one, Swap))
    overrides = tuple(one for one in changes if isinstance(one, Override))
    roster = Roster(CATALOG.rotation, Overrides(swaps=swaps, overrides=overrides, leave=()))
    return list(turns(roster, NOW, NOW + timedelta(weeks=8)))


def entries(turns: list[Turn], person: str | None = None) -> dict[str, ics.Event]:
    """The entries of everybody's calendar, or of one person's, by UID."""
    mine = [turn for turn in turns if person in (None, turn.person)]
    text = calendar("x", mine, CATALOG.contacts, CATALOG.rotation).decode()
    found = ics.Calendar(text).events
    assert len({event.uid for event in found}) == len(found), "a UID stands for one entry"
    return {event.uid: event for event in found}


def sequence(event: ics.Event) -> int:
    return next(int(line.value) for line in event.extra if line.name == "SEQUENCE")


@pytest.mark.parametrize(
    "changes", [(WHOLE,), (PART,), (BEGIN,), (SWAP,), (SWAP, AGAIN), (BEGIN, PART)]
)
def test_a_change_keeps_every_uid_and_raises_the_sequence_of_what_it_changed(
    changes: tuple[Swap | Override, ...],
) -> None:
    before, after = entries(told()), entries(told(*changes))
    assert before.keys() <= after.keys()
    for uid, event in before.items():
        same = (event.name, event.begin, event.end) == (
            after[uid].name,
            after[uid].begin,
            after[uid].end,
        )
        assert (sequence(after[uid]) == sequence(event)) is same
        assert after[uid].status == "CONFIRMED"


@pytest.mark.parametrize(("changes", "incoming"), [((WHOLE,), "wangwu"), ((SWAP,), "wangwu")])
def test_a_duty_taken_over_is_cancelled_for_the_one_and_stands_for_the_other(
    changes: tuple[Swap | Override, ...], incoming: str
) -> None:
    old, new = entries(told(*changes), "zhangsan")[UID], entries(told(*changes), incoming)[UID]
    assert (old.status, new.status) == ("CANCELLED", "CONFIRMED")
    assert sequence(old) > sequence(entries(told(), "zhangsan")[UID])
    assert (old.begin, old.end) == (new.begin, new.end)


def test_what_a_part_leaves_is_shorter_and_its_rest_is_an_entry_of_its_own() -> None:
    mine, theirs = entries(told(PART), "zhangsan"), entries(told(PART), "wangwu")
    rest = "primary-20261130-20261204T0200@runbook.aura-flow"
    assert mine[UID].end.datetime == mine[rest].begin.datetime - timedelta(hours=40)
    assert mine[UID].status == mine[rest].status == "CONFIRMED"
    (cut,) = (uid for uid in theirs if uid.startswith("primary-20261130-"))
    assert (theirs[cut].begin, theirs[cut].end) == (mine[UID].end, mine[rest].begin)
    assert "王五 替 张三，看病" in theirs[cut].description


def test_what_began_with_the_shift_is_cancelled_though_the_rest_of_it_stays() -> None:
    mine = entries(told(BEGIN), "zhangsan")
    assert mine[UID].status == "CANCELLED"
    assert mine["primary-20261130-20261202T1000@runbook.aura-flow"].status == "CONFIRMED"


def test_a_build_at_another_time_changes_no_byte_of_an_entry(tmp_path: Path) -> None:
    for name, now in {"first": NOW, "second": NOW + timedelta(days=5, hours=3)}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "oncall.html").write_text("<!-- runbook:calendars -->")
        publish_calendars(CATALOG, tmp_path / name, now)
    files = [file.relative_to(tmp_path / "first") for file in (tmp_path / "first").rglob("*.ics")]
    assert len(files) == 3 + len(CATALOG.contacts)
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_who_is_never_on_duty_has_no_calendar_and_an_old_one_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "oncall").mkdir()
    (tmp_path / "oncall" / "gone.ics").write_text("x")
    (tmp_path / "oncall.html").write_text("<!-- runbook:calendars -->")
    publish_calendars(CATALOG, tmp_path, datetime(2026, 11, 24, tzinfo=UTC))
    assert {file.stem for file in (tmp_path / "oncall").iterdir()} == set(CATALOG.contacts)
