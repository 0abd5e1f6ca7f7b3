"""How often the diagnosis was right, as `runbook drill grade` measured it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from runbook.render.html import join, table
from runbook.words import listed, say

_SCORES = ("cases", "controls", "top", "exact", "false_alarms", "unknown", "strict", "seconds")


def accuracy(file: Path, titles: Mapping[str, str]) -> Markup:
    """When and on what it was measured, the scores by scenario, and every case.

    The file is what `runbook drill grade --save` wrote, and lies beside the page; it need not be
    there.  `titles` are those of the scenarios.
    """
    if not file.exists():
        return Markup("<p>{}</p>").format(say("accuracy.never"))
    measured = json.loads(file.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(measured["at"])
    head = say("accuracy.head", at=f"{at:%Y-%m-%d %H:%M} UTC", version=measured["version"])
    if measured["healthy"]["runs"]:
        head += say("accuracy.healthy", **measured["healthy"])
    repeats = measured["repeats"]
    if repeats["rounds"] > 1:
        rounds, different = repeats["rounds"], len(repeats["different"])
        head += say("accuracy.repeats", rounds=rounds, different=different)
    rows = [
        (titles.get(slug, slug), *(score[name] for name in _SCORES))
        for slug, score in measured["scenarios"].items()
    ]
    rows.append((say("accuracy.all"), *(measured["all"][name] for name in _SCORES)))
    scores = table("accuracy", ("scenario", *_SCORES), rows)
    link = Markup('<p><a href="assets/{0}">{0}</a></p>').format(file.name)
    return Markup("<p>{}</p>{}{}{}").format(head, scores, _cases(measured, titles), link)


def _cases(measured: Mapping[str, Any], titles: Mapping[str, str]) -> Markup:
    parts = []
    for slug in measured["scenarios"]:
        rows = (
            (
                one["fault"],
                listed(one["expected"]) or say("page.none"),
                listed(one["confirmed"]) or say("page.none"),
                say("accuracy.right" if one["exact"] else "accuracy.wrong"),
                f"{one['seconds']:.1f}",
            )
            for one in measured["cases"]
            if one["scenario"] == slug
        )
        heads = ("fault", "true_causes", "confirmed", "result", "seconds")
        parts.append(
            Markup("<details><summary>{}</summary>{}</details>").format(
                titles.get(slug, slug), table("accuracy-cases", heads, rows)
            )
        )
    return join(parts)
