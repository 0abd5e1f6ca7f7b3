"""All that the team's first handbook said is on the site, and its tables and commands are data."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from html import unescape
from itertools import repeat
from typing import Any, NamedTuple

import pytest
from handmade import ROOT, Built

from runbook.catalog.strict_yaml import read

SOURCE = (ROOT / "tests" / "cases" / "source-runbook.md").read_text(encoding="utf-8")
POSITION = re.compile(r"第\d+周")
"""Which week it is follows from its place in the list of weeks: no data says it again."""


class Fact(NamedTuple):
    """One thing the handbook says: where, of what kind, its words, and what they are said of."""

    line: int
    kind: str
    text: str
    label: str = ""


def facts() -> Iterator[Fact]:
    """Table cells, list items, commands with their comments, template lines, subtitles."""
    block: str | None = None
    heads: list[str] = []
    lines = SOURCE.splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("```"):
            block = None if block is not None else line[3:] or "template"
        elif not line.strip():
            heads = []
        elif block == "template":
            yield Fact(number, "template", line)
        elif block:
            comment = line.startswith("# ")
            yield Fact(number, "say" if comment else "command", line.removeprefix("# "))
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not heads:
                heads = cells
            elif set(line) > {"|", "-"}:
                yield from map(Fact, repeat(number), repeat("cell"), cells, heads)
        elif match := re.fullmatch(r"- \*\*(.+)\*\*: (.+)", line):
            yield Fact(number, "item", match[2], match[1])
        elif match := re.fullmatch(r"### (?:\d\. )?([^(]+?)(?: \((.*)\))?", line):
            yield from (Fact(number, "title", part) for part in match[1].split(" - "))
            yield Fact(number, "title", match[2] or "")
        else:
            # The name of the handbook, its chapters, and a sentence on what it holds.
            assert re.match("##? ", line) or number == 4, f"not read: {line}"


FACTS = list(facts())


def plain(text: str) -> str:
    """The words without quotes, and with one space wherever there is white space."""
    return re.sub(r"\s+", " ", re.sub(r"""["'`]""", "", text)).strip()


def leaves(value: Any) -> Iterator[str]:
    """Every text and number of the data."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)


def typed(value: Any) -> Iterator[str]:
    """Every command of the data as it is typed."""
    if isinstance(value, dict) and "argv" in value:
        yield " | ".join(shlex.join(value[part]) for part in ("argv", "into") if part in value)
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from typed(item)


@pytest.fixture(scope="session")
def site(built: Built) -> str:
    """The text of every page but the records, whose evidence may say anything."""
    pages = [page for page in built.site.rglob("*.html") if "records" not in page.parts]
    mains = [re.search(r"<article.*?</article>", page.read_text(), re.S) for page in pages]
    named = (re.sub(r'<td data-label="([^"]*)">', r"\1 ", main[0]) for main in mains if main)
    return "\n".join(plain(unescape(re.sub(r"<[^>]+>", "", text))) for text in named)


@pytest.fixture(scope="session")
def data() -> list[Any]:
    files = sorted((ROOT / "data").rglob("*.yml"))
    return [read(file, file.name).value for file in files]


def test_the_handbook_was_read_whole() -> None:
    count = {kind: sum(fact.kind == kind for fact in FACTS) for kind in {f.kind for f in FACTS}}
    assert count["cell"] == 4 * 5 + 4 * 4 + 4 * 5
    scripts = re.findall(r"(?ms)^```bash\n(.*?)^```", SOURCE)
    lines = [line for script in scripts for line in script.splitlines()]
    assert count["command"] == sum(bool(line) and line[0] != "#" for line in lines)
    assert count["item"] == len(re.findall(r"(?m)^- ", SOURCE))


def test_every_fact_of_the_handbook_is_on_the_site(site: str) -> None:
    assert [fact for fact in FACTS if plain(f"{fact.label} {fact.text}") not in site] == []


def test_every_cell_of_its_tables_is_data(data: list[Any]) -> None:
    known = {plain(text) for value in data for text in leaves(value)}
    cells = [fact for fact in FACTS if fact.kind == "cell" and not POSITION.fullmatch(fact.text)]
    # The way to reach someone is written as a role and the number.
    assert [fact for fact in cells if plain(fact.text.split(": ")[-1]) not in known] == []


def test_every_command_is_data(data: list[Any]) -> None:
    known = {plain(command) for value in data for command in typed(value)}
    commands = [fact for fact in FACTS if fact.kind == "command"]
    assert [fact for fact in commands if plain(fact.text) not in known] == []
