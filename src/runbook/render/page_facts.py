"""Who answers for a page, and when it was last of use: the line at its end."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Page, Record
from runbook.words import say

MARKER = "exercised"
"""What stands for the last exercise until the records are published."""


def page_facts(page: Page, owner: str) -> Markup:
    """The line, with a marker where the last exercise is to be put in."""
    text = say("page.owned", owner=owner, reviewed=page.reviewed.isoformat())
    return Markup('<p class="rb-facts" data-search-exclude>{}<!-- runbook:{} --></p>').format(
        text, MARKER
    )


def exercised(records: Iterable[Record], scenario: str | None, base: str) -> Markup:
    """The newest run that came to its end, of the scenario or of any, with the way to its page."""
    done = [
        one for one in records if one.diagnosis is not None and scenario in (None, one.scenario)
    ]
    what = say("page.this_scenario" if scenario else "page.whole_handbook")
    if not done:
        return Markup("{}{}").format(say("page.dot"), say("page.not_exercised", what=what))
    last = max(done, key=lambda one: one.at)
    link = Markup('<a href="{}records/{}/{}.html">{}</a>').format(
        base, last.incident, quote(last.name, safe=""), f"{last.at:%Y-%m-%d}"
    )
    kind = "drill" if last.incident.startswith("DRILL-") else "real"
    said = say(f"page.exercised_{kind}", what=what)
    return Markup("{}{} {}").format(say("page.dot"), said, link)
