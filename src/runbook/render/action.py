"""What became of an action, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from runbook.model import Acted, Outcome
from runbook.words import say

COLOURS = {
    Outcome.EFFECTIVE: "pass",
    Outcome.FAILED: "fail",
    Outcome.REFUSED: "warn",
    Outcome.INTERRUPTED: "unknown",
}
"""The colour of an outcome, by the verdict that has it."""

MARKS = {
    Outcome.EFFECTIVE: "✓",
    Outcome.FAILED: "✗",
    Outcome.REFUSED: "!",
    Outcome.INTERRUPTED: "■",
}


def outcome_word(acted: Acted) -> str:
    """The outcome in a word, with its mark."""
    return f"{MARKS[acted.outcome]} {say(f'outcome.{acted.outcome}')}"


def acted_html(acted: Acted) -> str:
    """The outcome with why, the state before and after, and the way back."""
    rows = "".join(
        f"<tr><th>{escape(head)}</th><td>{escape(text)}</td></tr>" for head, text in _rows(acted)
    )
    undo = ""
    if acted.undo and acted.started:
        head, typed = escape(say("act.undo")), escape(acted.undo)
        undo = f"<h3>{head}</h3><pre><code>{typed}</code></pre>"
    return (
        f'<div class="acted"><p class="headline"><span class="verdict verdict-'
        f'{COLOURS[acted.outcome]}">{outcome_word(acted)}</span> '
        f"<strong>{escape(acted.title)}</strong></p><p>{escape(acted.why)}</p>"
        f"<table><tbody>{rows}</tbody></table>{undo}</div>"
    )


def acted_text(acted: Acted) -> str:
    """The same as lines for a terminal."""
    lines = [f"{outcome_word(acted)}  {acted.title}", f"  {acted.why}"]
    rows = _rows(acted)
    if acted.undo and acted.started:
        rows.append((say("act.undo"), acted.undo))
    return "\n".join([*lines, *(f"  {head}{say('page.colon')}{text}" for head, text in rows)])


def instances_html(left: Mapping[str, Any]) -> str:
    """The state and the log of every instance, folded."""
    return "".join(
        f"<details><summary>{escape(name)}</summary><pre>{escape(_told(facts))}</pre></details>"
        for name, facts in left.items()
    )


def _told(facts: Mapping[str, Any]) -> str:
    lines = [
        f"{key}: {value}" for key, value in facts.items() if key != "log" and value is not None
    ]
    return "\n".join([*lines, "", str(facts.get("log", ""))])


def _rows(acted: Acted) -> list[tuple[str, str]]:
    rows = [(say("compare.before"), acted.before), (say("compare.now"), acted.after)]
    if acted.checks is not None:
        word = say(f"act.checks_{acted.checks.lower()}")
        rows.append((say("act.checks"), word))
    return [(head, text) for head, text in rows if text]
