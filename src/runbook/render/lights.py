"""How much the page itself may be trusted: how old it is, how far its roster reaches."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup

from runbook.render.html import join
from runbook.words import say

AGEING = timedelta(days=7)
OLD = timedelta(days=30)


def lights(built: datetime, horizon: datetime, notice: timedelta) -> Markup:
    """Two lights with their moments; a script colours them by the clock of the reader.

    A page turns amber at the age of `AGEING` and red at that of `OLD`; the roster turns amber
    `notice` before its end, and red at its end.
    """
    shown = (
        ("built", built, built + AGEING, built + OLD),
        ("roster", horizon, horizon - notice, horizon),
    )
    return Markup('<ul class="rb-lights" data-search-exclude>{}</ul>').format(
        join(
            Markup(
                '<li data-at="{}" data-amber="{}" data-red="{}" data-ago="{}" data-words="{}">'
                "<span>{}</span> <b></b></li>"
            ).format(
                *(moment.isoformat() for moment in (at, amber, red)),
                say(f"page.light_{name}_ago", ago="{ago}"),
                "|".join(
                    say(f"page.light_{name}_{colour}") for colour in ("green", "amber", "red")
                ),
                say(f"page.light_{name}", day=at.date().isoformat()),
            )
            for name, at, amber, red in shown
        )
    )
