"""What the file of overrides shows as examples can be written as it stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from runbook.catalog import load, problems
from runbook.oncall import shifts


def test_the_examples_in_the_file_are_a_good_roster(copy: Path) -> None:
    file = copy / "data" / "overrides.yml"
    text = file.read_text(encoding="utf-8")
    shown = "".join(f"{line[2:]}\n" for line in re.findall(r"(?m)^# (?:\w+:$|  - ).*", text))
    assert shown.count("- {") == 3
    file.write_text(shown, encoding="utf-8")
    assert problems(copy, datetime(2026, 11, 24, tzinfo=UTC)) == ()
    roster = load(copy).roster
    coming = shifts(roster, datetime(2026, 11, 24, tzinfo=UTC))
    changed = [next(coming) for _ in range(8)]
    assert {type(change).__name__ for shift in changed for change in shift.changes} == {
        "Swap",
        "Override",
    }
