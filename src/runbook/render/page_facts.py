"""Who answers for a page, and when it was last of use: the line at its end."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Exercise, Page
from runbook.words import say

MARKER = "exercised"
"""What stands for the last exercise until the records are published."""


def page_facts(page: Page, owner: str) -> Markup:
    """The line, with a marker where the last exercise is to be put in."""
    text = say("page.owned", owner=owner, reviewed=page.reviewed.isoformat())
    return Markup('<p class="rb-facts" data-search-exclude>{}<!-- runbook:{} --></p>').format(
        text, MARKER
    )


def exercised(last: Exercise | None, scenario: bool, base: str) -> Markup:
    """That last run, of the page's scenario or of any, with the way to its page."""
    what = say("page.this_scenario" if scenario else "page.whole_handbook")
    if last is None:
        return Markup("{}{}").format(say("page.dot"), say("page.not_exercised", what=what))
    link = Markup('<a href="{}records/{}">{}</a>').format(
        base, quote(last.page), f"{last.at:%Y-%m-%d}"
    )
    kind = "drill" if last.page.startswith("DRILL-") else "real"
    said = say(f"page.exercised_{kind}", what=what)
    return Markup("{}{} {}").format(say("page.dot"), said, link)
