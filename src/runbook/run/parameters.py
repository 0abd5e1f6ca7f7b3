"""The parameters of a notebook, and whether what was given fits them, before anything runs.

papermill injects names as code, only logs a misspelt one and checks no type, so nothing reaches
it that has not passed here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat

from runbook.catalog import Catalog
from runbook.errors import BadInput, RunbookError
from runbook.words import listed, nearest, say

Value = str | int | float | bool

_INCIDENT = re.compile(r"(INC|DRILL|TEST)-(?P<day>[0-9]{8})-[0-9]{2}")
DEADLINES = range(5, 301)
"""Seconds a run may be given."""


def declared(notebook: Path) -> dict[str, Value]:
    """The names and defaults in the notebook's `parameters` cell.

    Raises RunbookError where the notebook has no such cell or it holds more than plain literals.
    """
    try:
        cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise RunbookError(say("notebook.unreadable", file=notebook, detail=error)) from error
    sources = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(sources) != 1:
        raise RunbookError(say("notebook.no_parameters", file=notebook))
    try:
        return dict(_literal(statement) for statement in ast.parse(sources[0]).body)
    except (SyntaxError, ValueError) as error:
        raise RunbookError(say("notebook.not_literal", file=notebook)) from error


def _literal(statement: ast.stmt) -> tuple[str, Value]:
    """The name and value of `name = literal`; raises ValueError for anything else."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            found = ast.literal_eval(value)
            if isinstance(found, Value):
                return name, found
    raise ValueError(ast.unparse(statement))


def checked(
    given: Mapping[str, str], known: Mapping[str, Value], catalog: Catalog
) -> dict[str, Value]:
    """The given parameters with the types of their defaults, each one meaningful.

    Raises BadInput for a name the notebook does not have, a value of another type, an unknown
    target, a malformed incident or a deadline out of range.
    """
    values = {name: _typed(name, text, known) for name, text in given.items()}
    if "target" in values:
        catalog.target(str(values["target"]))
    incident = str(values.get("incident", ""))
    if incident and not _is_incident(incident):
        raise BadInput(say("parameter.incident", value=ascii(incident)))
    deadline = values.get("deadline", DEADLINES.start)
    if deadline not in DEADLINES:
        last = DEADLINES.stop - 1
        raise BadInput(say("parameter.deadline", value=deadline, least=DEADLINES.start, most=last))
    return values


def _is_incident(text: str) -> bool:
    found = _INCIDENT.fullmatch(text)
    try:
        return found is not None and bool(datetime.strptime(found["day"], "%Y%m%d"))
    except ValueError:
        return False


def _typed(name: str, text: str, known: Mapping[str, Value]) -> Value:
    if name not in known:
        hint = nearest(name, list(known))
        names = listed(known)
        raise BadInput(say("parameter.unknown", name=ascii(name), names=names, hint=hint))
    kind: Any = type(known[name])
    if kind is bool and text in ("true", "false"):
        return text == "true"
    if kind is bool:
        raise BadInput(_wrong_type(name, text, "bool"))
    try:
        return kind(text)  # type: ignore[no-any-return]
    except ValueError as error:
        raise BadInput(_wrong_type(name, text, kind.__name__)) from error


def _wrong_type(name: str, text: str, kind: str) -> str:
    return say("parameter.type", name=name, value=ascii(text), kind=say(f"types.{kind}"))
