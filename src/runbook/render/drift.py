"""The last comparison of each target with the runbook, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta, tzinfo

from markupsafe import Markup

from runbook.model.drift import Comparison, Drift, NotCompared
from runbook.render.html import command, join, table
from runbook.words import listed, say

_HEADS = ("drift_where", "drift_found", "drift_why")


def target_section(
    name: str, title: str, found: Comparison | None, fresh: timedelta, changed: bool, zone: tzinfo
) -> Markup:
    """When the target was compared, what did not hold, and what could not be seen.

    `changed` is whether the runbook was edited since; the reader's clock says whether `fresh` is
    over.
    """
    head = Markup('<h2 id="{0}">{1} <span class="rb-note">{0}</span></h2>').format(name, title)
    again = command(f"runbook check --target {name}")
    if found is None:
        return join((head, _paragraph(say("drift.never")), again))
    at = found.at.astimezone(zone)
    words = {
        "target": found.title,
        "at": f"{at:%Y-%m-%d %H:%M}",
        "seconds": f"{found.seconds:g}",
        "claims": found.claims,
    }
    until = (at + fresh).date().isoformat()
    late = Markup(
        '<span><time datetime="{0}" data-until="{0}">{1}</time>'
        ' <b class="rb-lapsed" hidden>{2}</b></span>'
    ).format(until, say("drift.until", until=until), say("drift.late"))
    parts = [
        head,
        Markup("<p>{} {}</p>").format(say("drift.head", **words), late),
        *([_paragraph(say("drift.edited"))] if changed else []),
        _paragraph(_verdict(found)),
        *([_rows(found.drift)] if found.drift else []),
        *([_paragraph(say("drift.notes")), _rows(found.notes)] if found.notes else []),
        _not_compared(say("drift.unseen"), found.unseen),
        _not_compared(say("drift.elsewhere"), found.elsewhere),
        again,
    ]
    return join(parts)


def _verdict(found: Comparison) -> str:
    if found.drift:
        return say("drift.some", count=len(found.drift))
    return say("drift.only_unseen" if found.unseen else "drift.none")


def _rows(found: Sequence[Drift]) -> Markup:
    rows = ((join((one.where, *one.also), Markup("<br>")), one.found, one.why) for one in found)
    return table("drift", _HEADS, rows, searched=False)


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _not_compared(head: str, items: Iterable[NotCompared]) -> Markup:
    reasons: dict[str, list[str]] = {}
    for one in items:
        kind = say(f"drift_kind.{one.kind}")
        reasons.setdefault(one.reason, []).append(say("drift.count", kind=kind, count=one.count))
    if not reasons:
        return Markup()
    lines = (
        Markup("<li>{}</li>").format(say("drift.because", reason=reason, kinds=listed(kinds)))
        for reason, kinds in reasons.items()
    )
    return Markup("<p>{}</p><ul data-search-exclude>{}</ul>").format(head, join(lines))
