"""The figures over all incidents: plots, beside the numbers they are made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from markupsafe import Markup

from runbook.render import tally
from runbook.render.html import join, level, table
from runbook.render.record_filter import kind_of
from runbook.render.words import lasting
from runbook.words import listed, say

_WIDTH, _LEFT, _RIGHT, _ROW = 400, 105, 40, 22
_MARKS = (60, 600, 3600, 21_600, 86_400)  # seconds the scale of times is marked at
_NAMED = 20  # incidents of a cause that came again and again; nobody opens more
_BEGIN, _END = 30, 604_800  # seconds where it begins and ends


def figures(stories: Iterable[tally.Story], titles: Mapping[str, str], base: str) -> Markup:
    """Counts, times and repeated causes: of real incidents first, then of drills."""
    opened = list(stories)
    kinds = [kind for kind in ("real", "drill") if any(kind_of(one.name) == kind for one in opened)]
    if not kinds:
        return Markup('<p class="rb-note">{}</p>').format(say("figures.nothing"))
    return join(
        Markup("<h2>{}</h2>{}").format(
            say(f"filter.{kind}"),
            _kind([one for one in opened if kind_of(one.name) == kind], titles, base),
        )
        for kind in kinds
    )


def _kind(stories: list[tally.Story], titles: Mapping[str, str], base: str) -> Markup:
    scenarios = {
        titles.get(slug, slug) or say("figures.no_scenario"): count
        for slug, count in tally.by_scenario(stories).items()
    }
    parts = (
        ("months", _counts(tally.by_month(stories), "month")),
        ("scenarios", _counts(scenarios, "scenario")),
        ("times", _times(tally.spreads(stories))),
        ("repeats", _repeats(tally.repeats(stories), base)),
    )
    return join(
        Markup("<h3>{}</h3>{}").format(say(f"figures.{name}"), part) for name, part in parts
    )


def _counts(counts: Mapping[str, Counter[str]], head: str) -> Markup:
    """A bar for each row, a stretch of it for each severity, and the same as a table."""
    most = max((count.total() for count in counts.values()), default=1)
    levels = sorted({severity for count in counts.values() for severity in count})
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    parts: list[Markup] = []
    for number, (name, count) in enumerate(counts.items()):
        down, across = _ROW * number, float(_LEFT)
        parts.append(_label(0, down, name))
        for severity in levels:
            wide = count[severity] * scale
            parts.append(_bar(across, down, wide, f"rb-fill-{severity.lower()}"))
            across += wide
        parts.append(_label(across + 6, down, str(count.total())))
    rows = [
        (name, *(str(count[one]) for one in levels), str(count.total()))
        for name, count in counts.items()
    ]
    heads = Markup("<th scope=col>{}</th>").format(say(f"figures.{head}"))
    heads += join(Markup("<th scope=col>{}</th>").format(level(one)) for one in levels)
    return _plot(parts, len(counts), say(f"figures.by_{head}")) + _details(
        Markup(
            "<table><thead><tr>{}<th scope=col>{}</th></tr></thead><tbody>{}</tbody></table>"
        ).format(heads, say("figures.all"), join(_row(row) for row in rows))
    )


def _row(cells: Iterable[str]) -> Markup:
    return Markup("<tr>{}</tr>").format(join(Markup("<td>{}</td>").format(one) for one in cells))


def _times(spreads: Mapping[str, Mapping[str, tally.Spread]]) -> Markup:
    """For each severity and clock a line from the median to the 90th percentile."""
    rows = [
        (severity, clock, spread)
        for severity, of in spreads.items()
        for clock, spread in of.items()
    ]
    if not rows:
        return Markup("<p>{}</p>").format(say("figures.no_times"))
    parts = [
        part
        for number, (severity, clock, spread) in enumerate(rows)
        for part in (
            _label(0, _ROW * number, f"{severity} {say(f'figures.{clock}')}"),
            _stretch(_ROW * number, spread, f"rb-fill-{severity.lower()}"),
            _label(_WIDTH - _RIGHT + 6, _ROW * number, f"n={spread.n}"),
        )
    ]
    down = _ROW * len(rows)
    for seconds in _MARKS:
        parts.append(
            Markup('<path class="rb-grid" d="M{:.1f} 0V{}"/>').format(_across(seconds), down)
        )
        parts.append(
            _label(_across(seconds) - 16, down, lasting(timedelta(seconds=seconds)).split(" 0 ")[0])
        )
    body = [
        (
            level(severity),
            say(f"figures.{clock}"),
            lasting(spread.middle),
            lasting(spread.ninetieth),
            str(spread.n),
        )
        for severity, clock, spread in rows
    ]
    heads = ("level", "clock", "median", "ninetieth", "count")
    return _plot(parts, len(rows) + 1, say("figures.by_time")) + table("times", heads, body)


def _across(seconds: float) -> float:
    """Where a time stands on the logarithmic scale."""
    share = math.log(min(max(seconds, _BEGIN), _END) / _BEGIN) / math.log(_END / _BEGIN)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _stretch(down: float, spread: tally.Spread, kind: str) -> Markup:
    begin = _across(spread.middle.total_seconds())
    end = _across(spread.ninetieth.total_seconds())
    middle = Markup('<circle class="{}" cx="{:.1f}" cy="{}" r="5"/>').format(kind, begin, down + 9)
    return _bar(begin, down, max(end - begin, 1.0), kind, height=4) + middle


def _repeats(repeats: Iterable[tally.Repeat], base: str) -> Markup:
    rows = [
        (
            one.cause,
            str(len(one.incidents)),
            Markup('<span class="rb-clock">{:%Y-%m-%d}</span>').format(one.last),
            join(
                (
                    Markup('<a href="{0}{1}/index.html">{1}</a>').format(base, name)
                    for name in one.incidents[:_NAMED]
                ),
                listed(("", "")),
            )
            + _earlier(len(one.incidents) - _NAMED),
        )
        for one in repeats
    ]
    if not rows:
        return Markup("<p>{}</p>").format(say("figures.no_repeats"))
    return table("repeats", ("cause", "times", "last", "incidents"), rows)


def _earlier(count: int) -> str:
    return say("figures.earlier", count=count) if count > 0 else ""


def _bar(across: float, down: float, wide: float, kind: str, height: int = 18) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
        kind, across, down + (18 - height) // 2, wide, height
    )


def _label(across: float, down: float, words: str) -> Markup:
    return Markup('<text x="{:.0f}" y="{:.0f}">{}</text>').format(across, down + 14, words)


def _plot(parts: Iterable[Markup], rows: int, label: str) -> Markup:
    return Markup(
        '<figure class="rb-plot"><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
        "<figcaption>{}</figcaption></figure>"
    ).format(_WIDTH, _ROW * rows, label, join(parts), label)


def _details(inner: Markup) -> Markup:
    return Markup("<details><summary>{}</summary>{}</details>").format(
        say("figures.numbers"), inner
    )
