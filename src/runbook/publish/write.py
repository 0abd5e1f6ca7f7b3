"""How a file gets into the built site, and text into a page of it."""

from __future__ import annotations

import json
import re
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
    begin, end = f"<!-- runbook:{name} -->", f"<!-- /runbook:{name} -->"
    between = re.compile(f"{re.escape(begin)}(?:.*{re.escape(end)})?", re.DOTALL)
    before = page.read_text(encoding="utf-8")
    if before.count(begin) != 1:
        raise BadInput(say("page.no_marker", page=page, marker=begin))
    write(page, between.sub(lambda _: f"{begin}{visible(html)}{end}", before))
