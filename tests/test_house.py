"""The rules of the house that no tool knows."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from runbook.catalog import load
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (
    ast.FunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
    ast.Lambda,
)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_a_playlist_within_its_budget(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    lines = [[line for line in cell.source.splitlines() if line.strip()] for cell in code]
    assert len(notebook.cells) <= 15
    assert sum(map(len, lines)) <= 30
    assert max(map(len, lines)) <= 5
    assert [cell.metadata.get("tags") for cell in code].count(["parameters"]) == 1
    for cell in code:
        assert cell.outputs == [] and cell.execution_count is None
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, FORBIDDEN)
            if isinstance(node, ast.ImportFrom):
                assert node.module and node.module.split(".")[0] == "runbook"
            assert not isinstance(node, ast.Import)


@pytest.mark.parametrize("slug", sorted(path.stem for path in (ROOT / "data/scenarios").glob("*")))
def test_a_slug_has_all_its_homes(slug: str) -> None:
    homes = [f"data/scenarios/{slug}.yml", f"docs/scenarios/{slug}.md"]
    if load(ROOT).scenarios[slug].checks:
        homes += [f"notebooks/{slug}.ipynb", f"tests/cases/{slug}"]
    assert [home for home in homes if not (ROOT / home).exists()] == []


def test_a_notebook_shows_every_check_of_its_scenario_and_no_other() -> None:
    diagnosed = {slug: one for slug, one in load(ROOT).scenarios.items() if one.checks}
    for slug, scenario in diagnosed.items():
        notebook = nbformat.read(ROOT / "notebooks" / f"{slug}.ipynb", as_version=4)
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        shown = re.findall(r'"([a-z-]+)"', "".join(re.findall(r"case\.show\((.*)\)", source)))
        assert sorted(shown) == sorted(scenario.checks)


def test_a_notebook_begins_with_what_the_data_says_of_its_scenario() -> None:
    for slug, scenario in load(ROOT).scenarios.items():
        if scenario.checks:
            first = nbformat.read(ROOT / "notebooks" / f"{slug}.ipynb", as_version=4).cells[0]
            for said in (scenario.title, scenario.symptom, f"约 {scenario.seconds} 秒"):
                assert said in first.source


@pytest.mark.parametrize("package", ["src/runbook", "drill"])
def test_every_sentence_is_said_and_every_sentence_said_is_written(package: str) -> None:
    words = ROOT / package / "words" / "zh.toml"
    written = {
        f"{table}.{key}" for table, keys in tomllib.loads(words.read_text()).items() for key in keys
    }
    sources = "\n".join(path.read_text() for path in (ROOT / package).rglob("*.py"))
    sources += "\n".join(path.read_text() for path in (ROOT / "macros").rglob("*.py"))
    said = set(re.findall(r'"([a-z_]+\.[a-z0-9_-]+)"', sources))
    stems = tuple(re.findall(r'"([a-z_]+\.[a-z_]*)[{"]', sources))
    literal = set(re.findall(r'say\(\s*"([a-z_]+\.[a-z0-9_-]+)"', sources))
    assert literal - written == set()
    assert {key for key in written - said if not key.startswith(stems)} == set()


def test_no_chinese_sentence_stands_in_code() -> None:
    han = re.compile(r"[一-鿿]")
    found = []
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "drill").rglob("*.py")]:
        nodes = list(ast.walk(ast.parse(path.read_text())))
        explained = {node.value for node in nodes if isinstance(node, ast.Expr)}
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
            for node in nodes
            if isinstance(node, ast.Constant)
            and node not in explained
            and han.search(str(node.value))
        ]
    # What a server may say, and what a secret may be called.
    foreign = ("postgres_errors.py", "redact/")
    assert [one for one in found if not any(name in one for name in foreign)] == []
