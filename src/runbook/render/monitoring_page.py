"""Goals and alert thresholds as the site shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Alert, Bound, Monitoring, Scenario, Threshold, Watched
from runbook.render.html import items, join, level
from runbook.render.words import within
from runbook.words import say


def indicators(monitoring: Monitoring) -> Markup:
    """How the system is when it is well: first the numbers, then the states."""
    numbers = [(one.title, bound(one)) for one in monitoring.indicators.values()]
    states = [(one.title, say("page.or").join(one.healthy)) for one in monitoring.states.values()]
    return items([*numbers, *states])


def alert_list(
    watched: Iterable[Watched], scenarios: Mapping[str, Scenario], base: str, lead: bool = True
) -> Markup:
    """Where each alert begins; it leads to its own page, and with `lead` to its scenario."""
    return items(
        (
            one.title,
            Markup('{} <span class="rb-note">{}</span>').format(
                _condition(one), _leads(one.alert, scenarios, base, lead)
            ),
        )
        for one in watched
    )


def condition(one: Watched) -> str:
    """What has come about when the alert fires."""
    return say("page.condition", title=one.title, condition=_condition(one))


def bound(one: Bound) -> str:
    """`P95 < 300ms`, `99.9% 以上`: as people say it."""
    value = f"{one.value:.10g}{one.unit}"
    if one.comparison == ">=":
        said = say("page.at_least", bound=value)
    else:
        said = say("page.beyond", comparison=one.comparison, bound=value)
    return f"{one.of} {said}" if one.of else said


def _condition(one: Watched) -> str:
    return bound(one) if isinstance(one, Threshold) else say("page.not_well")


def _leads(alert: Alert, scenarios: Mapping[str, Scenario], base: str, lead: bool) -> Markup:
    parts = [
        say("page.pending", duration=within(alert.pending)),
        level(alert.severity),
        Markup('<a href="{}a/{}/index.html">{}</a>').format(base, alert.name, alert.name),
    ]
    if lead:
        parts.append(
            Markup('<a href="{}scenarios/{}.html">{}</a>').format(
                base, alert.scenario, scenarios[alert.scenario].title
            )
        )
    return join(parts, say("page.dot"))
