"""Plain values into the model, and what does not fit into problems a person can mend."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model.base import EXAMPLES
from runbook.words import nearest, say

T = TypeVar("T")


def build(document: Document, shape: type[T], value: Any = None) -> tuple[T | None, list[Problem]]:
    """The document as `shape`, or every reason why it is not.

    `value` stands in for the document's own value where something was filled in beforehand.
    A value that still holds a `${...}` is not judged: what fills it is not known yet.
    """
    try:
        given = document.value if value is None else value
        adapter: TypeAdapter[T] = _adapter(cast("Hashable", shape))
        return adapter.validate_python(given), []
    except ValidationError as error:
        return None, [
            _problem(document, shape, details)
            for details in details_of(error)
            if not _open(details)
        ]


@cache
def _adapter(shape: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", shape))


def details_of(error: ValidationError) -> list[ErrorDetails]:
    """What is wrong, without what is so only because of something else that is wrong."""
    return [details for details in error.errors() if not _follows(details)]


def _said_before(document: Document, details: ErrorDetails) -> bool:
    """Whether the value is empty, which is a problem of the YAML already."""
    return details["input"] is None and document.value is not None


def _open(details: ErrorDetails) -> bool:
    """Whether the value waits for an address; what a target is, is never filled in later."""
    value = details["input"]
    return isinstance(value, str) and "${" in value and not {"labels", "state"} & {*details["loc"]}


def _follows(details: ErrorDetails) -> bool:
    """Whether a list is called too short only because some of its items are wrong."""
    short = details["type"] == "too_short"
    return short and len(details["input"]) >= details["ctx"]["min_length"]


def _problem(document: Document, shape: Any, details: ErrorDetails) -> Problem:
    # pydantic marks an error in a key of a mapping with a last step of its own.
    place: Place = tuple(step for step in details["loc"] if step != "[key]")
    field = str(place[-1]) if place else document.name
    where = document.where(place)
    kind = details["type"]
    if kind == "missing":
        return Problem(where, say("data.missing", field=field), say("data.expected_missing"))
    if kind == "extra_forbidden":
        hint = nearest(field, _fields_at(shape, place[:-1]))
        return Problem(where, say("data.extra", field=field), say("data.expected_extra", hint=hint))
    what = say("data.wrong", field=field, value=_shown(details["input"]))
    return Problem(where, what, _expected(kind, details))


def _shown(value: Any) -> str:
    """The value as a person wrote it, or what kind of thing it is."""
    for kind in (dict, list):
        if isinstance(value, kind):
            return say(f"kinds.{kind.__name__}")
    if value is None:
        return say("kinds.nothing")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _expected(kind: str, details: ErrorDetails) -> str:
    context = dict(details.get("ctx", {}))
    if "expected" in context:
        names = context["expected"].replace("'", "").replace(" or ", ", ")
        context["expected"] = names.replace(", ", "、")
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch" and context["pattern"] in EXAMPLES:
        return say("expected.like", example=EXAMPLES[context["pattern"]])
    try:
        return say(f"expected.{kind}", **context)
    except KeyError:
        return say("expected.other", detail=details["msg"])


def _fields_at(shape: Any, place: Place) -> list[str]:
    """The names of the fields that belong at `place` in a value of that shape."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        fields = shape.model_fields
        if not place:
            return list(fields)
        step = str(place[0])
        return _fields_at(fields[step].annotation, place[1:]) if step in fields else []
    within = get_args(shape)
    if get_origin(shape) in (dict, tuple):
        # The values of a mapping, the items of a list: one step further down.
        return _fields_at(within[-1 if get_origin(shape) is dict else 0], place[1:])
    return [name for part in within for name in _fields_at(part, place)]
