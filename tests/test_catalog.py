"""data/ is trusted as a whole or not at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from runbook.catalog import load, problems
from runbook.catalog.strict_yaml import read
from runbook.errors import BadData
from runbook.model import Absent
from tests.conftest import ROOT

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
CASES = sorted((Path(__file__).parent / "cases" / "bad-data").glob("*.yml"))


def test_the_data_of_the_project_is_trusted(root: Path) -> None:
    assert "database-connection" in load(root).scenarios


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_bad_data_is_refused_where_it_stands_with_what_was_expected(case: Path, copy: Path) -> None:
    """A case: a file, the text in it to replace, by what, and the problems that must be named."""
    spoiled = yaml.safe_load(case.read_text())
    file = copy / spoiled["file"]
    text = file.read_text()
    assert spoiled["replace"] in text
    file.write_text(text.replace(spoiled["replace"], spoiled["by"], 1))
    said = [str(problem) for problem in problems(copy, NOW)]
    for problem in spoiled["problems"]:
        assert any(problem in line for line in said), said
    for line in said:
        assert re.match(r"\S+\.yml:\d+:\d+: .+，.*应", line), line


def test_all_problems_are_named_at_once(copy: Path) -> None:
    for name in ("contacts", "severity", "actions"):
        file = copy / "data" / f"{name}.yml"
        file.write_text(file.read_text().replace("title:", "titel:").replace("phone:", "fone:"))
    with pytest.raises(BadData) as refused:
        load(copy)
    files = {problem.where.partition(":")[0] for problem in refused.value.problems}
    assert files >= {"data/contacts.yml", "data/severity.yml", "data/actions.yml"}


def test_text_that_yaml_1_1_would_turn_into_something_else_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("time: 10:00\nphone: +8613800000001\ndate: 2026-11-23\nflag: on\nno: NO\n")
    assert read(file, "a.yml").value == {
        "time": "10:00",
        "phone": 8613800000001,
        "date": "2026-11-23",
        "flag": "on",
        "no": "NO",
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "data").glob("*.yml")))
@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"a: [", b"\xff\xfe", b"[" * 500, b"a: " + b"9" * 5000]
)
def test_a_file_that_holds_nothing_of_use_is_refused_and_never_a_crash(
    name: str, content: bytes, copy: Path
) -> None:
    (copy / "data" / f"{name}.yml").write_bytes(content)
    with pytest.raises(BadData) as refused:
        load(copy)
    assert f"data/{name}.yml" in str(refused.value)


@pytest.mark.parametrize("state", ["[]", "5", "null", "{}", "[" * 10000, '{"api_port": "x"}'])
def test_a_state_file_that_does_not_fit_is_absence_or_bad_data(
    state: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNBOOK_DRILL_DIR", str(copy))
    (copy / "state.json").write_text(state)
    catalog = load(copy)
    try:
        target = catalog.target("drill")
    except BadData as refused:
        assert "state.json" in str(refused)
    else:
        assert isinstance(target, Absent)
