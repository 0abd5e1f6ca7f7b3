"""An edition in another language is made by adding files alone; facts still stand once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from handmade import ROOT

CASE = ROOT / "tests" / "cases" / "english-edition"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The whole project with the files of an English edition added, and none changed."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("data", "docs", "macros", "notebooks", "src"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "mkdocs.yml", root)
    before = {file for file in root.rglob("*") if file.is_file()}
    shutil.copytree(CASE, root, dirs_exist_ok=True)
    assert {file.relative_to(CASE) for file in CASE.rglob("*") if file.is_file()} == {
        file.relative_to(root) for file in root.rglob("*") if file.is_file() and file not in before
    }
    (root / "docs-en" / "assets").symlink_to("../docs/assets")
    return root


def call(root: Path, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "RUNBOOK_LANG": language,
        "RUNBOOK_ROOT": str(root),
        "PYTHONPATH": str(root / "src"),
        "NO_MKDOCS_2_WARNING": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_site_is_english_where_it_is_translated_and_chinese_where_not(project: Path) -> None:
    done = call(project, "mkdocs", "build", "--strict", "-f", "mkdocs.en.yml")
    assert done.returncode == 0, done.stderr
    page = (project / "site" / "severity.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", " ", page)
    for said in ("Critical incident", "Nobody can use the system", "The database is down", "Level"):
        assert said in text
    assert "所有服务不可用" in text, "an example that has no English yet"
    assert "15 minutes" in text and "15 分钟" not in text
    assert '<html lang="en"' in page


def test_the_command_line_speaks_it_too_and_the_facts_are_those_of_the_data(project: Path) -> None:
    said = call(project, "runbook", "oncall", "--at", "2026-11-24T12:00").stdout
    assert "primary Zhao Liu  +86-138-0000-0004" in said
    assert call(project, "runbook", "check").stdout.endswith("can be trusted: 4 scenarios\n")
    assert "主值班 赵六" in call(project, "runbook", "oncall", language="zh").stdout


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("P9: {title: x}\n", "data/en/severity.yml:1:1"),
        ("P1:\n  titel: x\n", "data/en/severity.yml:2:3"),
        ("P1:\n  respond_within: {a: b}\n", "data/en/severity.yml:2:3"),
        ("P1:\n  examples: [a, b, c]\n", "data/en/severity.yml:2:3"),
    ],
)
def test_a_text_for_nothing_is_named_in_the_edition(project: Path, text: str, problem: str) -> None:
    (project / "data" / "en" / "severity.yml").write_text(text)
    done = call(project, "runbook", "check")
    assert done.returncode == 2
    assert problem in done.stderr
