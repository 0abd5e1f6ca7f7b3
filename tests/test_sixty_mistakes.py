"""However many mistakes there are, each is named at its own line, and all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from runbook.catalog import problems
from runbook.errors import Exit
from tests.conftest import ROOT, Runbook

CASES = sorted((Path(__file__).parent / "cases" / "bad-data").glob("*.yml"))
UNREADABLE = ("不是合法的 YAML", "用了 YAML 引用")
WHOLE_ENTRIES = (
    *("actions.yml", "checks.yml", "contacts.yml", "groups.yml", "severity.yml", "vendors.yml"),
)
AT_ONCE = 60
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


class Mistake(NamedTuple):
    """A case of bad data, and where in the clean file it is put in.

    One that takes something away, or breaks a promise made elsewhere, is named `elsewhere`.
    """

    name: str
    file: str
    begin: int
    end: int
    by: str
    problem: str
    elsewhere: bool


def mistakes() -> Iterator[Mistake]:
    """Those of which a file can hold many: it still can be read."""
    for case in CASES:
        spoiled: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
        text = (ROOT / spoiled["file"]).read_text(encoding="utf-8")
        if any(word in problem for word in UNREADABLE for problem in spoiled["problems"]):
            continue
        begin = text.index(spoiled["replace"])
        end = begin + len(spoiled["replace"])
        first = re.sub(r"^data/\S+:\d+:\d+: ", "", spoiled["problems"][0])
        elsewhere = spoiled.get("elsewhere", False)
        yield Mistake(case.stem, spoiled["file"], begin, end, spoiled["by"], first, elsewhere)


def rounds() -> list[list[Mistake]]:
    """The mistakes in as few runs as their places allow: no two touch the same entry."""
    found: list[list[Mistake]] = []
    for one in mistakes():
        for together in found:
            if not any(_touches(one, other) for other in together):
                together.append(one)
                break
        else:
            found.append([one])
    return found


def _touches(one: Mistake, other: Mistake) -> bool:
    return _entry(one) == _entry(other)


def _entry(one: Mistake) -> tuple[str, int]:
    """Which entry of which file the mistake is in; what is judged together is one whole."""
    if one.file in ("data/rotation.yml", "data/overrides.yml"):
        return "roster", 0
    if one.file == "data/templates.yml":
        return one.file, 0
    text = (ROOT / one.file).read_text(encoding="utf-8")
    seeded = text[one.begin : one.end]
    before = text[: one.begin + len(seeded) - len(seeded.lstrip()) + 1]
    heads = r"(?m)^\S" if one.file.endswith(WHOLE_ENTRIES) else r"(?m)^(?: {2})?\S"
    return one.file, len(re.findall(heads, before))


def spoil(root: Path, together: list[Mistake]) -> dict[str, range]:
    """The lines of each mistake, after all of them were put into their files."""
    lines: dict[str, range] = {}
    for name in {one.file for one in together}:
        text, written, at = (ROOT / name).read_text(encoding="utf-8"), "", 0
        for one in sorted((one for one in together if one.file == name), key=lambda one: one.begin):
            written += text[at : one.begin]
            first = written.count("\n") + 1
            written += one.by
            lines[one.name] = range(first, written.count("\n") + 2)
            at = one.end
        (root / name).write_text(written + text[at:], encoding="utf-8")
    return lines


@pytest.mark.parametrize("together", rounds(), ids=lambda together: f"{len(together)} at once")
def test_every_mistake_is_named_at_its_own_line(together: list[Mistake], copy: Path) -> None:
    lines = spoil(copy, together)
    assert missed(together, lines, list(map(str, problems(copy, NOW)))) == []


def test_sixty_mistakes_are_all_named_in_one_run_of_the_command(
    copy: Path, runbook: Runbook
) -> None:
    together = max(rounds(), key=len)
    assert len(together) >= AT_ONCE
    lines = spoil(copy, together)
    done = runbook("check", RUNBOOK_ROOT=str(copy))
    assert done.returncode == Exit.BAD_INPUT, done.stdout + done.stderr
    assert missed(together, lines, done.stderr.splitlines()) == []


def missed(together: list[Mistake], lines: dict[str, range], said: list[str]) -> list[object]:
    """The mistakes that nothing said names where they are, with what was said of them."""
    found: list[object] = []
    for one in together:
        named = [line for line in said if one.problem in line]
        here = [line for line in named if _line(line, one.file) in lines[one.name]]
        if not (named if one.elsewhere else here):
            found.append((one.name, lines[one.name], named))
    return found


def test_the_clean_data_has_no_mistake(runbook: Runbook) -> None:
    done = runbook("check")
    assert done.returncode == Exit.PASS, done.stderr
    assert done.stderr == ""


def _line(problem: str, file: str) -> int:
    found = re.match(rf"{re.escape(file)}:(\d+):\d+: ", problem)
    return int(found[1]) if found else 0
