"""A place in a page of the built site that is filled in after the build, as often as one likes."""

from __future__ import annotations

import re
from pathlib import Path

from runbook.errors import BadInput
from runbook.words import say


def fill(page: Path, name: str, html: str) -> None:
    """Puts the HTML where the page says `<!-- runbook:name -->`, instead of what stood there.

    A page that stays the same is not written.  Raises BadInput where it has no such place, or two.
    """
    if not page.is_file():
        raise BadInput(say("page.no_site", page=page))
    begin, end = f"<!-- runbook:{name} -->", f"<!-- /runbook:{name} -->"
    between = re.compile(f"{re.escape(begin)}(?:.*{re.escape(end)})?", re.DOTALL)
    before = page.read_text(encoding="utf-8")
    if before.count(begin) != 1:
        raise BadInput(say("page.no_marker", page=page, marker=begin))
    after = between.sub(lambda _: f"{begin}{html}{end}", before)
    if after != before:
        page.write_text(after, encoding="utf-8")
