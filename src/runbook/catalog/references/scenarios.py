"""Checks, causes and actions must speak of what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from runbook.catalog.references.naming import argv_problems, step_problems, unfillable, unknown
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model import (
    Action,
    Axis,
    Check,
    Contact,
    Scenario,
    Severity,
    Templates,
    Vendor,
    Verdict,
)
from runbook.model.facts import FACTS, LIMITS, PROBE_NAMES
from runbook.model.scenario import COMMAND_NAMES, RuntimeKind
from runbook.words import say


def check_problems(document: Document, checks: dict[str, Check]) -> Iterator[Problem]:
    """Checks, probes and signals the code does not know, and sentences that cannot be filled in."""
    for name, check in checks.items():
        yield from unknown(document, (name,), name, FACTS, "check")
        for index, probe in enumerate(check.reads):
            yield from unknown(document, (name, "reads", index), probe, PROBE_NAMES, "probe")
        given = {**check.limits, **check.thresholds}
        for limit, value in check.limits.items():
            if limit.endswith("_percent") and value > 100:
                where = document.where((name, "limits", limit))
                what = say("data.over_a_hundred", value=f"{value:g}")
                yield Problem(where, what, say("data.expected_share"))
        yield from unfillable(document, (name, "expected"), check.expected, given)
        if name not in FACTS:
            continue
        wanted = LIMITS.get(name, frozenset())
        for field in ("limits", "thresholds"):
            for limit in getattr(check, field):
                yield from unknown(document, (name, field, limit), limit, wanted, "limit")
        for limit in sorted(wanted - given.keys()):
            where = document.where((name, "limits"))
            yield Problem(where, say("data.missing", field=limit), say("data.expected_missing"))
        known = FACTS[name]
        for signal, words in check.signals.items():
            place: Place = (name, "signals", signal)
            yield from unknown(document, place, signal, known, "signal")
            if signal in known:
                yield from unfillable(document, (*place, "observed"), words.observed, known[signal])
        for signal in known.keys() - check.signals.keys():
            where = document.where((name, "signals"))
            yield Problem(where, say("data.missing", field=signal), say("data.expected_missing"))


def action_problems(
    document: Document, actions: dict[str, Action], scenarios: Mapping[str, Scenario | None]
) -> Iterator[Problem]:
    """Placeholders that neither a target nor an option fills, and unknown scenarios.

    What only looks must be able to do so in every runtime; what a runtime cannot change, it lacks.
    """
    for name, action in actions.items():
        for kind in sorted({*get_args(RuntimeKind)} - action.commands.keys()):
            if action.effect is None:
                where = document.where((name, "commands"))
                yield Problem(where, say("data.missing", field=kind), say("data.expected_missing"))
        known = COMMAND_NAMES | {"count"} | action.options.keys()
        for kind, argv in action.commands.items():
            yield from argv_problems(document, (name, "commands", kind), argv, known)
        for kind, argv in action.by_hand.items():
            yield from argv_problems(document, (name, "by_hand", kind), argv)
        for option, argv in action.added.items():
            yield from argv_problems(document, (name, "added", option), argv, known)
        if action.undo and action.undo.act:
            here: Place = (name, "undo", "act")
            yield from argv_problems(document, here, action.undo.act, known | {"was"})
        for index, slug in enumerate(action.evidence):
            yield from unknown(document, (name, "evidence", index), slug, scenarios, "scenario")


def scenario_problems(
    document: Document,
    scenario: Scenario,
    checks: dict[str, Check],
    actions: dict[str, Action],
    severities: dict[str, Severity],
) -> Iterator[Problem]:
    """Checks, signals, severities, actions, services and placeholders that do not exist."""
    if bool(scenario.checks) != (scenario.seconds is not None):
        where = document.where(("seconds" if scenario.seconds else "checks",))
        yield Problem(where, say("data.checks_or_seconds"), say("data.checks_and_seconds"))
    for index, name in enumerate(scenario.checks):
        yield from unknown(document, ("checks", index), name, checks, "check")
    # One misspelt check must not make every signal of it unknown too.
    meant = scenario.checks if checks.keys() >= {*scenario.checks} else checks
    refs = {f"{name}.{signal}" for name in meant for signal in checks[name].signals}
    for name, cause in scenario.causes.items():
        here: Place = ("causes", name)
        judged = scenario.checks and refs.issuperset(cause.needs)
        if judged and not any(_abnormal(ref, checks) for ref in cause.needs):
            where = document.where((*here, "needs"))
            yield Problem(where, say("data.no_needs_abnormal"), say("data.expected_abnormal"))
        for field in ("needs", "excluded_by"):
            for index, ref in enumerate(getattr(cause, field)):
                yield from unknown(document, (*here, field, index), ref, refs, "signal")
        yield from unknown(document, (*here, "severity"), cause.severity, severities, "severity")
        for index, step in enumerate(cause.next):
            yield from step_problems(document, (*here, "next", index), step, actions)
    for index, step in enumerate(scenario.undecided):
        yield from step_problems(document, ("undecided", index), step, actions)
    for index, command in enumerate(scenario.commands):
        yield from argv_problems(document, ("commands", index, "argv"), command.argv, ())


def cause_problems(
    document: Document,
    scenario: Scenario,
    contacts: dict[str, Contact],
    vendors: dict[str, Vendor],
    scenarios: Mapping[str, Scenario | None],
) -> Iterator[Problem]:
    """People, vendors and scenarios that causes lead to, and that do not exist."""
    for name, cause in scenario.causes.items():
        here: Place = ("causes", name)
        for index, who in enumerate(cause.tell):
            known = {**contacts, **vendors}
            yield from unknown(document, (*here, "tell", index), who, known, "who")
        if cause.belongs_to is not None:
            place = (*here, "belongs_to")
            yield from unknown(document, place, cause.belongs_to, scenarios, "scenario")


def handling_problems(
    document: Document,
    scenario: Scenario,
    axes: dict[str, Axis],
    vendors: dict[str, Vendor],
    templates: Templates,
) -> Iterator[Problem]:
    """Remedies, vendors, and a template with its blanks, that do not exist."""
    for name, remedies in scenario.remedies.items():
        here: Place = ("remedies", name)
        yield from unknown(document, here, name, axes, "axis")
        for index, step in enumerate(remedies.use):
            if name in axes:
                yield from unknown(document, (*here, "use", index), step, axes[name].steps, "step")
    for index, vendor in enumerate(scenario.vendors):
        yield from unknown(document, ("vendors", index), vendor, vendors, "vendor")
    notice = scenario.notice
    known = templates.templates
    yield from unknown(document, ("notice", "template"), notice.template, known, "template")
    # A template whose braces are torn has a problem of its own.
    if notice.template in known and (blanks := known[notice.template].blanks):
        for name in notice.fill:
            yield from unknown(document, ("notice", "fill", name), name, blanks, "blank")


def _abnormal(ref: str, checks: dict[str, Check]) -> bool:
    check, _, signal = ref.partition(".")
    return checks[check].signals[signal].verdict is not Verdict.PASS
