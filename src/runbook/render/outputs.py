"""What the handbook's commands printed when somebody really typed them, on the compose drill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from runbook.words import say

_LINES = 40  # of one output on a page; the file has all of them


class Output(NamedTuple):
    """What one line printed, the code it ended with, and when; interrupted is ended by Ctrl-C."""

    text: str
    exit: int
    interrupted: bool
    at: datetime


Outputs = Mapping[str, Output]
"""The outputs by the line that was typed."""


def outputs(file: Path) -> Outputs:
    """The outputs of the last time; none before there was one.

    The file is what `drill.compose.transcript` wrote.
    """
    if not file.exists():
        return {}
    told = json.loads(file.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(told["at"])
    return {
        line: Output(one["output"], one["exit"], one["interrupted"], at)
        for line, one in told["outputs"].items()
    }


def printed(line: str, known: Outputs) -> Markup:
    """What the line printed, folded away below it; nothing where nobody typed it."""
    output = known.get(line)
    if output is None:
        return Markup()
    lines = output.text.splitlines() or [say("outputs.nothing")]
    more = len(lines) - _LINES
    shown = "\n".join(lines[:_LINES])
    if more > 0:
        shown += "\n" + say("outputs.more", count=more)
    code = (
        say("outputs.interrupted") if output.interrupted else say("outputs.exit", code=output.exit)
    )
    head = say("outputs.head", at=f"{output.at:%Y-%m-%d}", code=code)
    return Markup(
        '<details class="rb-output"><summary>{}</summary>'
        '<pre data-search-exclude tabindex="0">{}</pre></details>'
    ).format(head, shown)
