"""How a file gets into the built site, and text into a page of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runbook.errors import BadInput
from runbook.render.visible import visible
from runbook.words import say


def write(path: Path, content: str | bytes) -> None:
    """The file with that content; one that has it already is not touched."""
    raw = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == raw:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def write_json(path: Path, value: Any) -> None:
    """The value as people can read it too; the same value is the same bytes."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def fill(page: Path, name: str, html: str) -> None:
    """The page with the HTML after its marker of that name, instead of what was put there before.

    Raises BadInput where the page has no such marker, or more than one.
    """
    before, after = between(page, name)
    write(page, f"{before}{visible(html)}{after}")


def between(page: Path, name: str) -> tuple[str, str]:
    """What of the page stands before the HTML of that marker, and what after it.

    Raises BadInput as `fill`.
    """
    begin, end = f"<!-- runbook:{name} -->", f"<!-- /runbook:{name} -->"
    text = page.read_text(encoding="utf-8")
    if text.count(begin) != 1:
        raise BadInput(say("page.no_marker", page=page, marker=begin))
    before, _, rest = text.partition(begin)
    return before + begin, end + (rest.rpartition(end)[2] if end in rest else rest)
