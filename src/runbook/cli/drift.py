"""A comparison of the runbook with a target, on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from runbook.catalog import Catalog
from runbook.drift import check_target
from runbook.drift.results import keep
from runbook.errors import Exit
from runbook.model import Absent
from runbook.model.drift import Comparison, NotCompared
from runbook.words import listed, say

_READABLE: dict[str, Any] = {"ensure_ascii": False, "indent": 2}
_WORST_FIRST = (Exit.CAUSE_FOUND, Exit.INCONCLUSIVE, Exit.PASS)


def check_drift(catalog: Catalog, name: str, records: Path, as_json: bool) -> Exit:
    """Compares, prints and keeps; the exit code says whether something drifted or was not seen.

    Of a group every member is compared, and the worst of them is the end.
    """
    found = [_compared(catalog, one, records) for one in catalog.members(name)]
    if as_json:
        told = [one.model_dump(mode="json") for one in found]
        click.echo(json.dumps(told if name in catalog.groups else told[0], **_READABLE))
    else:
        click.echo("\n".join(line for one in found for line in _told(one, catalog.rotation.tz)))
    ends = {_end(one) for one in found}
    return next(end for end in _WORST_FIRST if end in ends)


def _compared(catalog: Catalog, name: str, records: Path) -> Comparison:
    target = catalog.target(name)
    if isinstance(target, Absent):
        return _absent(target)
    found = check_target(catalog, target)
    try:
        keep(found, records)
    except OSError as error:
        click.echo(say("drift.not_kept", detail=error), err=True)
    return found


def _absent(target: Absent) -> Comparison:
    """Nothing was seen of it; that is no news about what was seen the last time."""
    unseen = NotCompared(kind="target", count=1, reason=target.reason)
    return Comparison(
        target=target.id,
        title=target.title,
        at=datetime.now(UTC),
        seconds=0,
        claims=0,
        edition="",
        unseen=(unseen,),
    )


def _end(found: Comparison) -> Exit:
    if found.drift:
        return Exit.CAUSE_FOUND
    return Exit.INCONCLUSIVE if found.unseen else Exit.PASS


def _told(found: Comparison, zone: ZoneInfo) -> Iterator[str]:
    for one in found.drift:
        yield str(one)
        if one.also:
            yield "  " + say("drift.also", places=listed(one.also))
    if found.notes:
        yield say("drift.notes")
        yield from (f"  {one}" for one in found.notes)
    yield from _not_compared(say("drift.unseen"), found.unseen)
    yield from _not_compared(say("drift.elsewhere"), found.elsewhere)
    at = f"{found.at.astimezone(zone):%Y-%m-%d %H:%M}"
    words = {"target": found.title, "at": at, "claims": found.claims}
    yield say("drift.head", seconds=f"{found.seconds:g}", **words)
    if found.drift:
        yield say("drift.some", count=len(found.drift)) + say("between.clause") + say("drift.next")
    else:
        yield say("drift.only_unseen" if found.unseen else "drift.none")


def _not_compared(head: str, items: tuple[NotCompared, ...]) -> Iterator[str]:
    """One line for each reason, with everything it kept from being seen."""
    reasons: dict[str, list[str]] = {}
    for one in items:
        kind = say(f"drift_kind.{one.kind}")
        reasons.setdefault(one.reason, []).append(say("drift.count", kind=kind, count=one.count))
    if reasons:
        yield head
        for reason, items_of in reasons.items():
            yield "  " + say("drift.because", reason=reason, kinds=listed(items_of))
