"""The shape of each file in `data/` as a JSON Schema, for editors that complete and underline."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from runbook.catalog.shapes import SHAPES
from runbook.model import Scenario, Target

FOLDER = "schemas"
_FILLED_IN = {"type": "string", "pattern": r"\$\{"}


def schemas() -> dict[str, str]:
    """The text of each schema by the name of its file; all scenarios share `scenario`."""
    found = {name: _schema(shape) for name, shape in SHAPES.items()}
    found["scenario"] = _schema(Scenario)
    found["targets"] = _targets()
    return {
        name: json.dumps({"title": name, **schema}, ensure_ascii=False, indent=2) + "\n"
        for name, schema in found.items()
    }


def schema_of(file: str) -> str:
    """The comment by which the file, named below `data/`, tells an editor of its schema."""
    folder, _, name = file.rpartition("/")
    at = f"../{FOLDER}/scenario" if folder else f"{FOLDER}/{name.removesuffix('.yml')}"
    return f"# yaml-language-server: $schema={at}.json"


def _schema(shape: Any) -> dict[str, Any]:
    return TypeAdapter(shape).json_schema(schema_generator=_Untitled)


def _targets() -> dict[str, Any]:
    """A target is named by its key, and may leave to its deployment what it is filled in with."""
    schema = _schema(dict[str, Target])
    target = schema["$defs"]["Target"]
    del target["properties"]["id"]
    target["required"].remove("id")
    for name, part in schema["$defs"].items():
        if name not in ("Labels", "State"):
            part["properties"] = {key: _open(one) for key, one in part["properties"].items()}
    return schema


def _open(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("type") in ("integer", "array") or "pattern" in schema:
        return {"anyOf": [schema, _FILLED_IN]}
    return schema


class _Untitled(GenerateJsonSchema):
    """The name of a field says enough; a title made of it is noise."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False
