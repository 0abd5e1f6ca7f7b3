"""Whatever one file names must be there in the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from string import Formatter, Template

from runbook.catalog.build import nearest
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model import Action, Check, Contact, Rotation, Scenario, Severity
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
    """Expectations that speak of a limit nobody set."""
    for name, check in checks.items():
        for _, limit, _, _ in Formatter().parse(check.expected):
            if limit:
                yield from _unknown(document, (name, "expected"), limit, check.limits, "limit")


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
    for index, word in enumerate(step.argv or ()):
        for name in Template(word).get_identifiers():
            yield from _unknown(
                document, (*place, "argv", index), name, COMMAND_NAMES, "placeholder"
            )


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
