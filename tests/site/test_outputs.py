"""Below the handbook's commands stands what they printed when somebody really typed them."""

from __future__ import annotations

import html
import re

import pytest
from handmade import ROOT, Built

from runbook.render.outputs import outputs, printed
from tests.source_blocks import as_we_write_it, blocks, is_axis

KNOWN = outputs(ROOT / "docs" / "assets" / "outputs.json")
TYPED = [(name, as_we_write_it(line)) for name, lines in blocks().items() for line in lines]


@pytest.mark.parametrize(("name", "line"), TYPED, ids=lambda value: value)
def test_a_command_of_the_handbook_stands_above_what_it_printed(
    name: str, line: str, built: Built
) -> None:
    assert line in KNOWN
    pages = ["actions.html"] if is_axis(name) else [f"scenarios/{name}.html", "actions.html"]
    pages = [(built.site / page).read_text(encoding="utf-8") for page in pages]
    first = (KNOWN[line].text.splitlines() or ["（没有输出）"])[0]
    assert any(line in _plain(page) and _plain(first) in _plain(page) for page in pages), line


def _plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def test_what_was_printed_cannot_become_part_of_the_page() -> None:
    hostile = KNOWN["docker-compose config"]._replace(text="<script>alert(1)</script>")
    assert "<script>" not in printed("x", {"x": hostile})


def test_nothing_is_claimed_of_a_command_nobody_typed() -> None:
    assert printed("rm -rf /", KNOWN) == ""
