"""How fresh everything is, as people see it; whether it has expired the reader's clock decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from markupsafe import Markup

from runbook.model import Contact, Exercise, Kept, Periods, Review
from runbook.render.html import join, table
from runbook.words import listed, say

_HEADS = ("thing", "until", "owner", "reviewed", "exercised")


def freshness_board(
    board: Iterable[Kept], contacts: Mapping[str, Contact], today: date, base: str = ""
) -> Markup:
    """All of the board as a table; a script marks again what has expired when it is read."""
    rows = (
        (
            Markup('<a href="{}{}">{}</a> <span class="rb-note">{}</span>').format(
                base, one.page, one.title, say(f"kinds.{one.kind}")
            ),
            _until(one, today),
            contacts[one.review.owner].name if one.review else say("page.none"),
            one.review.reviewed.isoformat() if one.review else say("freshness.unreviewed"),
            _exercise(one, base),
        )
        for one in board
    )
    return table("freshness", _HEADS, rows)


def periods_line(periods: Periods) -> str:
    """How long each kind of thing may go without being looked at, in one sentence."""
    kinds = (name for name in Periods.model_fields if name != "exercise")
    said = listed(
        say("freshness.period", kind=say(f"kinds.{kind}"), days=getattr(periods, kind).days)
        for kind in kinds
    )
    return say("freshness.periods", periods=said, exercise=periods.exercise.days)


def overdue_banner(review: Review, until: date, owner: str) -> Markup:
    """What a page says of itself once nobody has reviewed it for too long; hidden until then."""
    text = say("freshness.overdue", owner=owner, reviewed=review.reviewed, until=until)
    return Markup('<p class="rb-overdue" data-until="{}" data-search-exclude hidden>{}</p>').format(
        until.isoformat(), text
    )


def expired_line(one: Kept, contacts: Mapping[str, Contact]) -> str:
    """What has expired, why, and who is to do what about it."""
    kind = say(f"kinds.{one.kind}")
    if one.review is None:
        return say("freshness.nobody", kind=kind, title=one.title)
    owner = contacts[one.review.owner]
    why = (
        say("freshness.never")
        if one.until is None
        else say("freshness.since", until=one.until.isoformat())
    )
    reach = say("case.someone", name=owner.name, phone=owner.phone or owner.email)
    return say("freshness.expired", kind=kind, title=one.title, why=why, owner=reach)


def fresh_line(board: Sequence[Kept]) -> str:
    """That nothing has expired, and what will first."""
    first = board[0]
    kind = say(f"kinds.{first.kind}")
    return say("freshness.none", count=len(board), kind=kind, title=first.title, until=first.until)


def _exercise(one: Kept, base: str) -> Markup | str:
    exercise: Exercise | None = one.exercise
    if exercise is None:
        return say("freshness.never") if one.kind == "scenario" else say("page.none")
    return Markup('<a href="{}records/{}">{:%Y-%m-%d}</a>').format(
        base, quote(exercise.page), exercise.at
    )


def _until(one: Kept, today: date) -> Markup:
    late = Markup('<b class="rb-lapsed"{}>{}</b>').format(
        Markup("") if one.expired(today) else Markup(" hidden"), say("freshness.late")
    )
    if one.until is None:
        return late
    return join((Markup('<time data-until="{0}">{0}</time> ').format(one.until.isoformat()), late))
