"""What the phases, the axes and the messages name must be there."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from runbook.catalog.references.naming import step_problems, unfillable, unknown
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model import Action, Axis, Phase, Severity, Templates
from runbook.words import say


def axis_problems(
    document: Document, axes: dict[str, Axis], actions: dict[str, Action]
) -> Iterator[Problem]:
    """Actions, services and placeholders of the three axes that do not exist."""
    for name, axis in axes.items():
        for index, step in enumerate(axis.steps):
            yield from step_problems(document, (name, "steps", index), step, actions)


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
                yield from unknown(document, place, level, severities, "severity")
            for index, axis in enumerate(step.axes):
                yield from unknown(document, (*here, "axes", index), axis, axes, "axis")


def template_problems(document: Document, templates: Templates) -> Iterator[Problem]:
    """Blanks in a text that nobody described, and blanks described that no text has."""
    used: set[str] = set()
    for name, template in templates.templates.items():
        place: Place = ("templates", name, "text")
        found = list(unfillable(document, place, template.text, templates.variables))
        yield from found
        if found:
            used.update(templates.variables)  # what it meant to use is not known
        else:
            used.update(field for _, field, _, _ in Formatter().parse(template.text) if field)
    for name in templates.variables.keys() - used:
        where = document.where(("variables", name))
        yield Problem(where, say("data.unused", name=name), say("data.expected_used"))
