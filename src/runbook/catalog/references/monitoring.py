"""Every alert leads to a scenario that expects it, and what a check borrows is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from runbook.catalog.references.naming import unknown
from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem
from runbook.model import Check, Monitoring, Scenario, Severity
from runbook.words import say


def alert_problems(
    document: Document, monitoring: Monitoring, severities: dict[str, Severity]
) -> Iterator[Problem]:
    """Levels that do not exist, two alerts of one name, and more than a hundred of a hundred."""
    for field in ("indicators", "thresholds"):
        for name, bound in getattr(monitoring, field).items():
            if bound.unit == "%" and bound.value > 100:
                where = document.where((field, name, "value"))
                what = say("data.over_a_hundred", value=f"{bound.value:g}")
                yield Problem(where, what, say("data.expected_share"))
    seen: set[str] = set()
    for place, watched in monitoring.watched:
        alert, here = watched.alert, (*place, "alert")
        yield from unknown(document, (*here, "severity"), alert.severity, severities, "severity")
        if alert.name in seen:
            where = document.where((*here, "name"))
            yield Problem(where, say("data.twice", name=alert.name), say("data.expected_unique"))
        seen.add(alert.name)


def leading_problems(
    document: Document, monitoring: Monitoring, scenarios: Mapping[str, Scenario | None]
) -> Iterator[Problem]:
    """Alerts that lead to no scenario, or to one that does not expect them."""
    for place, watched in monitoring.watched:
        alert = watched.alert
        here = (*place, "alert", "scenario")
        yield from unknown(document, here, alert.scenario, scenarios, "scenario")
        scenario = scenarios.get(alert.scenario)
        if scenario and alert.name not in scenario.alerts:
            what = say("data.unexpected_alert", alert=alert.name, scenario=alert.scenario)
            yield Problem(document.where(here), what, say("data.expected_alert"))


def expecting_problems(
    document: Document, scenario: Scenario, monitoring: Monitoring
) -> Iterator[Problem]:
    """Alerts the scenario expects that do not exist, or that lead elsewhere."""
    slug = PurePosixPath(document.name).stem
    leads = {watched.alert.name: watched.alert.scenario for _, watched in monitoring.watched}
    for index, name in enumerate(scenario.alerts):
        here = ("alerts", index)
        yield from unknown(document, here, name, leads, "alert")
        if name in leads and leads[name] != slug:
            what = say("data.alert_leads_elsewhere", alert=name, scenario=leads[name])
            yield Problem(document.where(here), what, say("data.expected_lead"))


def borrowing_problems(
    document: Document, checks: dict[str, Check], monitoring: Monitoring
) -> Iterator[Problem]:
    """Thresholds a check borrows that do not exist."""
    for name, check in checks.items():
        for limit, threshold in check.thresholds.items():
            here = (name, "thresholds", limit)
            yield from unknown(document, here, threshold, monitoring.thresholds, "threshold")
