"""The axes as the site shows them: each step with what it prints, its proof and its way back."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from markupsafe import Markup

from runbook.model import Axis, Remedies, Remedy
from runbook.render.html import Cell, command, items, join
from runbook.render.outputs import Outputs, printed
from runbook.words import say


def axis_title(axis: Axis) -> str:
    """The axis in both languages, as people know it."""
    return f"{axis.title} ({axis.label})"


def axis_steps(axis: Axis, outputs: Outputs, target: str) -> Markup:
    """Every step of the axis, with what its command printed; the runbook acts on `target`."""
    return join(_remedy(step, outputs, target) for step in axis.steps.values())


def scenario_remedies(remedies: Remedies, axis: Axis, outputs: Outputs, target: str) -> Markup:
    """When the axis helps in the scenario, and its steps that do."""
    when = Markup('<p class="rb-when-to">{}</p>').format(remedies.when)
    return when + join(_remedy(axis.steps[name], outputs, target) for name in remedies.use)


def _remedy(remedy: Remedy, outputs: Outputs, target: str) -> Markup:
    kind = "rb-say" if remedy.argv else "rb-by-hand"
    return Markup('<div class="rb-remedy"><p class="{}">{}</p>{}{}{}</div>').format(
        kind,
        remedy.say,
        _command(remedy.argv),
        printed(shlex.join(remedy.argv or ()), outputs),
        items(
            (
                *_acted(remedy, target),
                (say("page.output"), remedy.output),
                (say("page.verify"), _said(remedy.verify.say, command(remedy.verify.line))),
                (say("page.undo"), _said(remedy.undo.say, _command(remedy.undo.argv))),
            )
        ),
    )


def _acted(remedy: Remedy, target: str) -> list[tuple[Cell, Cell]]:
    """How the runbook does it; nothing where it cannot."""
    if remedy.act is None:
        return []
    typed = command(shlex.join(["runbook", "act", *remedy.act, "--target", target]))
    return [(say("page.act"), _said(say("page.act_how"), typed))]


def _command(argv: Iterable[str] | None) -> Markup:
    return command(shlex.join(argv)) if argv else Markup()


def _said(sentence: str, typed: Markup) -> Cell:
    return Markup("{}{}").format(sentence, typed)
