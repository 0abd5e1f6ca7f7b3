"""What many incidents have in common: how many, how bad, how fast, and what came again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import NamedTuple

from runbook.model.incident import Incident


@dataclass(frozen=True)
class Spread:
    """How long something took over `n` incidents: the median and the 90th percentile.

    The percentile is interpolated between what was seen (type 7 of Hyndman and Fan, 1996).
    """

    n: int
    middle: timedelta
    ninetieth: timedelta


CLOCKS = ("acknowledge", "mitigate", "resolve")


def spread(times: Sequence[timedelta]) -> Spread | None:
    """The spread of these times; None where there are none."""
    if not times:
        return None
    seconds = [one.total_seconds() for one in times]
    last = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return Spread(len(seconds), timedelta(seconds=median(seconds)), timedelta(seconds=last))


class Story(NamedTuple):
    """What is counted of an incident that was opened: `took` is by clock, "" no scenario."""

    name: str
    at: datetime
    severity: str
    took: dict[str, timedelta]
    scenarios: list[str]
    causes: list[str]


def story(incident: Incident) -> Story | None:
    """The story of the incident; None where nobody opened it."""
    if incident.opened is None:
        return None
    return Story(
        incident.name,
        incident.opened.at,
        incident.severity or "",
        took(incident),
        scenarios_of(incident),
        incident.causes,
    )


def took(incident: Incident) -> dict[str, timedelta]:
    """How long after its opening it was acknowledged, mitigated and resolved, as far as it came."""
    if incident.opened is None:
        return {}
    ends = {
        "acknowledge": incident.answered_at,
        "mitigate": incident.mitigated.at if incident.mitigated else None,
        "resolve": incident.resolved.at if incident.resolved else None,
    }
    return {clock: at - incident.opened.at for clock, at in ends.items() if at is not None}


def spreads(stories: Iterable[Story]) -> dict[str, dict[str, Spread]]:
    """By severity, and by clock within it, how long it took."""
    times: dict[str, dict[str, list[timedelta]]] = defaultdict(lambda: defaultdict(list))
    for one in stories:
        for clock, time in one.took.items():
            times[one.severity][clock].append(time)
    return {
        severity: {clock: known for clock in CLOCKS if (known := spread(of[clock]))}
        for severity, of in sorted(times.items())
    }


def by_month(stories: Iterable[Story]) -> dict[str, Counter[str]]:
    """By month of its opening, each since the first, how many of each severity."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in stories:
        found[f"{one.at:%Y-%m}"][one.severity] += 1
    return {month: found[month] for month in _months(found)}


def _months(known: Iterable[str]) -> list[str]:
    months = sorted(known)
    if not months:
        return []
    (year, month), last = map(int, months[0].split("-")), months[-1]
    every = [months[0]]
    while every[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        every.append(f"{year:04d}-{month:02d}")
    return every


def by_scenario(stories: Iterable[Story]) -> dict[str, Counter[str]]:
    """By scenario, the most frequent first, how many of each severity; "" is none of them."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in stories:
        for scenario in one.scenarios:
            found[scenario][one.severity] += 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0])))


def scenarios_of(incident: Incident) -> list[str]:
    """The scenario it was opened with, else those of the runs that confirmed a cause."""
    if incident.opened and incident.opened.scenario:
        return [incident.opened.scenario]
    return list(dict.fromkeys(run.scenario for run in incident.runs if run.confirmed)) or [""]


@dataclass(frozen=True)
class Repeat:
    """A cause that more than one incident had, newest first."""

    cause: str
    incidents: tuple[str, ...]
    last: datetime


def repeats(stories: Iterable[Story]) -> list[Repeat]:
    """The causes confirmed in more than one incident, the most frequent first."""
    had: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for one in stories:
        for cause in one.causes:
            had[cause].append((one.at, one.name))
    found = [
        Repeat(cause, tuple(name for _, name in sorted(seen, reverse=True)), max(seen)[0])
        for cause, seen in had.items()
        if len(seen) > 1
    ]
    return sorted(found, key=lambda one: (-len(one.incidents), one.cause))
