"""Goals and alert thresholds as the site shows them."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from runbook.model import Bound, Monitoring
from runbook.render.html import items
from runbook.words import say


def indicators(monitoring: Monitoring) -> Markup:
    """How the system is when it is well: first the numbers, then the states."""
    numbers = [(one.title, bound(one)) for one in monitoring.indicators.values()]
    states = [(one.title, say("page.or").join(one.healthy)) for one in monitoring.states.values()]
    return items([*numbers, *states])


def thresholds(bounds: Mapping[str, Bound]) -> Markup:
    """Where each alert begins."""
    return items((one.title, bound(one)) for one in bounds.values())


def bound(one: Bound) -> str:
    """`P95 < 300ms`, `99.9% 以上`: as people say it."""
    value = f"{one.value:.10g}{one.unit}"
    if one.comparison == ">=":
        said = say("page.at_least", bound=value)
    else:
        said = say("page.beyond", comparison=one.comparison, bound=value)
    return f"{one.of} {said}" if one.of else said
