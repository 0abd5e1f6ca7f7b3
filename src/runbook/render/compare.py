"""What changed between two looks, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Change
from runbook.render.html import join
from runbook.words import brief, say

_MOST, _BRIEF = 40, 160


def changes_html(changes: Sequence[Change], since: str) -> Markup:
    """The table of what changed since the record of that address; a sentence where nothing did."""
    title = Markup("<p>{} <a href='{}.html'>{}</a></p>").format(
        say("compare.since"), quote(since), since.rpartition("/")[2]
    )
    return title + changes_table(changes)


def changes_table(changes: Sequence[Change]) -> Markup:
    """The table of what changed; a sentence where nothing did."""
    if not changes:
        return Markup("<p>{}</p>").format(say("compare.same"))
    head = Markup("<tr>{}</tr>").format(
        join(
            Markup("<th>{}</th>").format(say(f"compare.{one}")) for one in ("what", "before", "now")
        )
    )
    rows = join(
        Markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            one.what, _brief(one.before), _brief(one.now)
        )
        for one in changes[:_MOST]
    )
    more = len(changes) - _MOST
    rest = Markup("<p>{}</p>").format(say("compare.more", count=more)) if more > 0 else ""
    return Markup("<table>{}{}</table>{}").format(head, rows, rest)


def _brief(text: str | None) -> str:
    return brief(text, _BRIEF) if text else say("page.none")
