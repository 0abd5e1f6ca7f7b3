"""Whatever one file names must be there in the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from string import Formatter, Template

from runbook.catalog.build import nearest
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model import (
    Action,
    Axis,
    Check,
    Contact,
    Phase,
    Rotation,
    Scenario,
    Severity,
    Templates,
    Verdict,
)
from runbook.model.facts import FACTS, PROBE_NAMES
from runbook.model.scenario import COMMAND_NAMES, Step
from runbook.model.target import Services
from runbook.words import say


def rotation_problems(
    document: Document, rotation: Rotation, contacts: dict[str, Contact]
) -> Iterator[Problem]:
    """Weeks that put someone on duty whom the contacts do not know, or one person twice."""
    for index, duty in enumerate(rotation.weeks):
        for role in ("primary", "secondary"):
            yield from _unknown(
                document, ("weeks", index, role), getattr(duty, role), contacts, "contact"
            )
        if duty.primary == duty.secondary:
            where = document.where(("weeks", index))
            yield Problem(where, say("data.same_person"), say("data.expected_two"))


def check_problems(document: Document, checks: dict[str, Check]) -> Iterator[Problem]:
    """Checks, probes and signals the code does not know, and sentences that cannot be filled in."""
    for name, check in checks.items():
        yield from _unknown(document, (name,), name, FACTS, "check")
        for index, probe in enumerate(check.reads):
            yield from _unknown(document, (name, "reads", index), probe, PROBE_NAMES, "probe")
        yield from _unfillable(document, (name, "expected"), check.expected, check.limits)
        if name not in FACTS:
            continue
        known = FACTS[name]
        for signal, words in check.signals.items():
            place: Place = (name, "signals", signal)
            yield from _unknown(document, place, signal, known, "signal")
            if signal in known:
                yield from _unfillable(
                    document, (*place, "observed"), words.observed, known[signal]
                )
        for signal in known.keys() - check.signals.keys():
            where = document.where((name, "signals"))
            yield Problem(where, say("data.missing", field=signal), say("data.expected_missing"))


def action_problems(document: Document, actions: dict[str, Action]) -> Iterator[Problem]:
    """Placeholders in commands that no target fills."""
    for name, action in actions.items():
        for kind, argv in action.commands.items():
            yield from _argv_problems(document, (name, "commands", kind), argv)


def axis_problems(
    document: Document, axes: dict[str, Axis], actions: dict[str, Action]
) -> Iterator[Problem]:
    """Actions, services and placeholders of the three axes that do not exist."""
    for name, axis in axes.items():
        for index, step in enumerate(axis.steps):
            yield from _step_problems(document, (name, "steps", index), step, actions)


def process_problems(
    document: Document,
    process: dict[str, Phase],
    axes: dict[str, Axis],
    severities: dict[str, Severity],
) -> Iterator[Problem]:
    """Levels and axes that a phase names and nobody defined."""
    for name, phase in process.items():
        for at, step in enumerate(phase.steps):
            here: Place = (name, "steps", at)
            for index, level in enumerate(step.levels):
                place = (*here, "levels", index)
                yield from _unknown(document, place, level, severities, "severity")
            for index, axis in enumerate(step.axes):
                yield from _unknown(document, (*here, "axes", index), axis, axes, "axis")


def template_problems(document: Document, templates: Templates) -> Iterator[Problem]:
    """Blanks in a text that nobody described, and blanks described that no text has."""
    used: set[str] = set()
    for name, template in templates.templates.items():
        place: Place = ("templates", name, "text")
        found = list(_unfillable(document, place, template.text, templates.variables))
        yield from found
        if found:
            used.update(templates.variables)  # what it meant to use is not known
        else:
            used.update(field for _, field, _, _ in Formatter().parse(template.text) if field)
    for name in templates.variables.keys() - used:
        where = document.where(("variables", name))
        yield Problem(where, say("data.unused", name=name), say("data.expected_used"))


def _unfillable(
    document: Document, place: Place, sentence: str, facts: Collection[str]
) -> Iterator[Problem]:
    """A sentence whose `{...}` are not plain names of the facts there are."""
    try:
        parsed = [(field, spec, how) for _, field, spec, how in Formatter().parse(sentence)]
    except ValueError:
        parsed = [("", None, None)]
    if any(
        field is not None and (field not in facts or spec or how) for field, spec, how in parsed
    ):
        what = say("data.template", field=place[-1])
        names = "、".join(f"{{{fact}}}" for fact in sorted(facts)) or say("kinds.nothing")
        yield Problem(document.where(place), what, say("data.expected_template", names=names))


def scenario_problems(
    document: Document,
    scenario: Scenario,
    checks: dict[str, Check],
    actions: dict[str, Action],
    severities: dict[str, Severity],
) -> Iterator[Problem]:
    """Checks, signals, severities, actions, services and placeholders that do not exist."""
    for index, name in enumerate(scenario.checks):
        yield from _unknown(document, ("checks", index), name, checks, "check")
    refs = {
        f"{name}.{signal}"
        for name in scenario.checks
        if name in checks
        for signal in checks[name].signals
    }
    for name, cause in scenario.causes.items():
        here: Place = ("causes", name)
        if refs.issuperset(cause.needs) and not any(_abnormal(ref, checks) for ref in cause.needs):
            where = document.where((*here, "needs"))
            yield Problem(where, say("data.no_needs_abnormal"), say("data.expected_abnormal"))
        for field in ("needs", "excluded_by"):
            for index, ref in enumerate(getattr(cause, field)):
                yield from _unknown(document, (*here, field, index), ref, refs, "signal")
        yield from _unknown(document, (*here, "severity"), cause.severity, severities, "severity")
        for index, step in enumerate(cause.next):
            yield from _step_problems(document, (*here, "next", index), step, actions)
    for index, step in enumerate(scenario.undecided):
        yield from _step_problems(document, ("undecided", index), step, actions)


def _step_problems(
    document: Document, place: Place, step: Step, actions: dict[str, Action]
) -> Iterator[Problem]:
    if step.action and step.service:
        yield from _unknown(document, (*place, "action"), step.action, actions, "action")
        services = Services.model_fields
        yield from _unknown(document, (*place, "service"), step.service, services, "service")
    yield from _argv_problems(document, (*place, "argv"), step.argv or ())


def _argv_problems(document: Document, place: Place, argv: Collection[str]) -> Iterator[Problem]:
    for index, word in enumerate(argv):
        if not Template(word).is_valid():
            names = "、".join(f"${{{name}}}" for name in sorted(COMMAND_NAMES))
            what = say("data.template", field=place[-1])
            where = document.where((*place, index))
            yield Problem(where, what, say("data.expected_template", names=names))
            continue
        for name in Template(word).get_identifiers():
            yield from _unknown(document, (*place, index), name, COMMAND_NAMES, "placeholder")


def _abnormal(ref: str, checks: dict[str, Check]) -> bool:
    check, _, signal = ref.partition(".")
    return checks[check].signals[signal].verdict is not Verdict.PASS


def _unknown(
    document: Document, place: Place, name: str, known: Collection[str], kind: str
) -> Iterator[Problem]:
    if name not in known:
        what = say("data.unknown", kind=say(f"kinds.{kind}"), name=name)
        hint = nearest(name, list(known))
        yield Problem(
            document.where(place),
            what,
            say("data.expected_known", names="、".join(sorted(known)[:12]), hint=hint),
        )
