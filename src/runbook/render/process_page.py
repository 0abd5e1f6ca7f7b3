"""The phases of an incident as the site shows them."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from runbook.model import Axis, Phase, PhaseStep
from runbook.render.html import Cell, items, join, level
from runbook.words import say


def phases(process: Mapping[str, Phase], axes: Mapping[str, Axis], actions_page: str) -> Markup:
    """Every phase in its order with its steps; the axes lead to their commands."""
    parts = join(
        Markup('<li><h2 id="{}">{}</h2>{}</li>\n').format(
            name,
            phase.title,
            items((_head(step), _body(step, axes, actions_page)) for step in phase.steps),
        )
        for name, phase in process.items()
    )
    return Markup('<ol class="rb-phases">{}</ol>').format(parts)


def _head(step: PhaseStep) -> Cell:
    if step.title:
        return step.title
    return join(map(level, step.levels), say("page.slash"))


def _body(step: PhaseStep, axes: Mapping[str, Axis], actions_page: str) -> Cell:
    if step.say:
        return step.say
    links = (
        Markup('<a href="{}#{}">{}</a>').format(actions_page, name, axes[name].title)
        for name in step.axes
    )
    return join(links, say("between.item"))
