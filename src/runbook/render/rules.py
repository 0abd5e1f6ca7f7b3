"""Alerts as rules for Prometheus, and as the tests that prove each rule at its threshold.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ and
https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from runbook.model import Alert, Monitoring, Scenario, Threshold, Watched
from runbook.render.monitoring_page import condition
from runbook.render.words import within
from runbook.words import say

_WARM_UP = timedelta(minutes=15)  # of samples, more than any window of an expression
_VALUE = '{{ $value | printf "%.2f" }}'


def rules(monitoring: Monitoring, scenarios: Mapping[str, Scenario], target: str) -> Any:
    """The content of a rules file: one group with every alert."""
    found = [
        _rule(monitoring, one, scenarios[one.alert.scenario], target)
        for _, one in monitoring.watched
    ]
    return {"groups": [{"name": "aura-flow", "rules": found}]}


def rule_tests(monitoring: Monitoring, rules_content: Any, rules_file: str) -> Any:
    """The content of a file of tests: each alert fires beyond its threshold, and not before."""
    written = {rule["alert"]: rule for rule in rules_content["groups"][0]["rules"]}
    tests = []
    for _, one in monitoring.watched:
        beyond, before = _either_side(one)
        tests.append(_test(one.alert, beyond, [_firing(one.alert, written, beyond)]))
        tests.append(_test(one.alert, before, []))
    return {"rule_files": [rules_file], "evaluation_interval": "1m", "tests": tests}


def _rule(monitoring: Monitoring, one: Watched, scenario: Scenario, target: str) -> dict[str, Any]:
    alert = one.alert
    facts = {"duration": within(alert.pending), "scenario": scenario.title}
    if isinstance(one, Threshold):
        compared, shown = f"{one.comparison} {one.value:.10g}", _VALUE + one.unit
        description = say("rules.beyond", value="\0", **facts)
    else:
        compared, shown = "< 1", ""
        description = say("rules.not_well", **facts)
    annotations = {
        "summary": _literal(condition(one)),
        "description": _literal(description).replace("\0", shown),
        "runbook_url": _literal(monitoring.page_of(alert.name)),
    }
    if scenario.checks:
        command = ["runbook", "run", alert.scenario, "--target", target]
        annotations["command"] = _literal(shlex.join(command))
    return {
        "alert": alert.name,
        "expr": f"({alert.promql}) {compared}",
        "for": _duration(alert.pending),
        "labels": {"severity": alert.severity, "scenario": alert.scenario},
        "annotations": annotations,
    }


def _either_side(one: Watched) -> tuple[float, float]:
    """A value at which the alert fires and one at which it does not, next to the threshold."""
    if not isinstance(one, Threshold):
        return 0.0, 1.0
    step = abs(one.value) / 100 or 0.01
    if one.comparison.startswith("<"):
        step = -step
    return one.value + step, one.value - step


def _test(alert: Alert, value: float, expected: list[dict[str, Any]]) -> dict[str, Any]:
    end = _WARM_UP + alert.pending
    count = int(end.total_seconds() // 60)
    return {
        "interval": "1m",
        "input_series": [
            {
                "series": series.series,
                "values": f"0+{_at(series.each_minute, value)}x{count}"
                if series.each_minute
                else f"{_at(series.gauge or (0, 0), value)}x{count}",
            }
            for series in alert.example.series
        ],
        "alert_rule_test": [
            {"eval_time": _duration(end), "alertname": alert.name, "exp_alerts": expected}
        ],
    }


def _firing(alert: Alert, written: Mapping[str, Any], value: float) -> dict[str, Any]:
    rule = written[alert.name]
    shown = {key: text.replace(_VALUE, f"{value:.2f}") for key, text in rule["annotations"].items()}
    plain = {key: text.replace(_BRACES, "{{") for key, text in shown.items()}
    return {"exp_labels": {**alert.example.labels, **rule["labels"]}, "exp_annotations": plain}


def _at(linear: tuple[float, float], value: float) -> str:
    return f"{linear[0] + linear[1] * value:.10g}"


def _duration(duration: timedelta) -> str:
    """As Prometheus writes durations: `5m`, `90s`."""
    seconds = int(duration.total_seconds())
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


_BRACES = '{{ "{{" }}'


def _literal(text: str) -> str:
    """The text as a template that says nothing else: what the team writes is not executed."""
    return text.replace("{{", _BRACES)
