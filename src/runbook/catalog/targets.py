"""Targets: their shape is checked when the data is read, their addresses when they are asked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

from runbook.catalog.build import build
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import BadData, Problem
from runbook.model import Absent, Target
from runbook.model.target import Labels, State
from runbook.words import listed, say

_EXTRA_ID = (say("data.extra", field="id"), say("data.expected_extra", hint=""))


def target_problems(document: Document) -> list[Problem]:
    """What is wrong with the shape of the targets, before any address is filled in."""
    if not isinstance(document.value, dict) or not document.value:
        return [Problem(document.where(()), say("data.no_mapping"), say("expected.dict_type"))]
    named = [
        Problem(document.where((name, "id")), *_EXTRA_ID)
        for name, raw in document.value.items()
        if isinstance(raw, dict) and "id" in raw
    ]
    # Without a place where the deployment wrote them down, nothing fills them in.
    never = [
        _unfilled(document, place, names)
        for name, raw in document.value.items()
        if isinstance(raw, dict) and not raw.get("state")
        for place, names in _placeholders(raw, (name,))
    ]
    return named + never + build(document, dict[str, Target], _with_ids(document.value))[1]


def resolve(document: Document, name: str, root: Path) -> Target | Absent:
    """The target with its addresses filled in; Absent where its deployment wrote none down.

    Raises BadData where the addresses of the deployment do not fit the target.
    """
    raw = {**document.value[name], "id": name}
    if raw.get("state") is None:
        return _built(document, name, raw)
    state = State.model_validate(raw["state"])
    folder = Path(os.environ.get(state.env) or root / state.default)
    file = folder / state.file
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        facts = error
    if not isinstance(facts, dict):
        labels = Labels.model_validate(raw.get("labels", {}))
        # That we may not read where it is says nothing of whether it runs.
        hidden = isinstance(facts, PermissionError)
        words = {"title": raw["title"], "file": file}
        reason = say("target.hidden", **words) if hidden else say("target.absent", **words)
        return Absent(id=name, title=raw["title"], labels=labels, reason=reason)
    return _built(document, name, _filled(raw, facts))


def _built(document: Document, name: str, raw: dict[str, Any]) -> Target:
    left = [_unfilled(document, place, names) for place, names in _placeholders(raw, (name,))]
    if left:
        raise BadData(left)
    targets, problems = build(document, dict[str, Target], {name: raw})
    if targets is None:
        raise BadData(problems)
    return targets[name]


def _unfilled(document: Document, place: Place, names: str) -> Problem:
    what = say("target.open", names=names)
    return Problem(document.where(place), what, say("target.expected_state"))


def _placeholders(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Where a `${...}` still stands, and its names."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _placeholders(item, (*place, key))
    elif isinstance(value, str) and "${" in value:
        yield place, listed(Template(value).get_identifiers())


def _with_ids(value: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {**raw, "id": name} if isinstance(raw, dict) else raw for name, raw in value.items()
    }


def _filled(value: Any, facts: dict[str, Any]) -> Any:
    """The value with `${...}` replaced; one that is nothing else keeps the type of its fact."""
    if isinstance(value, dict):
        return {key: _filled(item, facts) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    if value.startswith("${") and value.endswith("}") and value[2:-1] in facts:
        return facts[value[2:-1]]
    return Template(value).safe_substitute(facts)
