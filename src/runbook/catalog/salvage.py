"""As much of a file as can be read, so that one mistake does not hide the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from runbook.catalog.build import build, details_of
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model.base import EXAMPLES


@dataclass(frozen=True)
class Salvage:
    """What could be read of a document: the value of the parts that fit, and where they stand.

    `whole` is the document as it was, `document` that of the parts that fit.  `lost` are the
    texts of the parts that do not: a name among them is known, only not readable.
    """

    value: Any
    whole: Document
    document: Document
    problems: list[Problem]
    lost: frozenset[str]


def salvage(document: Document, shape: Any) -> Salvage:
    """The document without what does not fit the shape; a single wrong value is stood in for."""
    if document.value is None and document.problems:  # not even YAML: it has said all it can
        return Salvage(None, document, document, [], frozenset())
    value, problems = build(document, shape)
    left, lost = document, frozenset[str]()
    while value is None:
        instead, dropped = {}, set()
        for details in _errors(left, shape):
            place = _standing(left.value, details["loc"])
            stand_in = _stand_in(details) if place == details["loc"] else None
            if stand_in is None:
                dropped.add(place)
            else:
                instead[place] = stand_in
        if () in dropped or not (dropped or instead):
            return Salvage(None, document, left, problems, lost)
        left, gone = left.changed(dropped, instead)
        lost |= gone
        value = build(left, shape)[0]
    return Salvage(value, document, left, problems, lost)


def _errors(document: Document, shape: Any) -> list[ErrorDetails]:
    try:
        TypeAdapter(shape).validate_python(document.value)
    except ValidationError as error:
        return details_of(error)
    return []


def _standing(value: Any, place: tuple[int | str, ...]) -> Place:
    """As much of the place as leads to something: what is missing lies where it should be."""
    found: Place = ()
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
        found = (*found, step)
    return found


def _stand_in(details: ErrorDetails) -> Any:
    """A value of the right form for the place of a wrong one; None where there is none."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return EXAMPLES.get(context["pattern"])
    if kind == "like":
        return context["example"]
    if kind in ("literal_error", "enum"):
        return context["expected"].partition(", ")[0].partition(" or ")[0].strip("'")
    return {
        "string_type": "x",
        "int_type": 1,
        "float_type": 1.0,
        "bool_type": False,
        "less_than_equal": context.get("le"),
        "greater_than_equal": context.get("ge"),
        "greater_than": 1,
    }.get(kind)
