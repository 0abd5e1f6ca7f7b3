"""An editor is told what the catalog will say: the schemas are current, and agree with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from runbook.catalog.schemas import schema_of, schemas
from runbook.catalog.strict_yaml import read
from tests.conftest import ROOT

DATA = ROOT / "data"
FILES = sorted(path for path in DATA.rglob("*.yml"))
SHAPES = (
    "bare-number-as-duration",
    "command-as-shell-text",
    "ill-typed-port",
    "misspelt-comparison",
    "not-a-duration",
    "password-in-the-file",
    "remedy-without-a-proof",
    "scenario-without-alerts",
    "unknown-field",
    "unknown-unit",
    "vendor-without-a-phone",
)


def validator(file: str, root: Path = DATA) -> Draft202012Validator:
    first = (root / file).read_text(encoding="utf-8").splitlines()[0]
    assert first == schema_of(file)
    named = (root / file).parent / first.partition("$schema=")[2]
    return Draft202012Validator(json.loads((DATA / named.resolve().relative_to(root)).read_text()))


def test_the_schemas_on_disk_are_those_of_the_model() -> None:
    kept = {file.stem: file.read_text(encoding="utf-8") for file in DATA.glob("schemas/*")}
    assert kept == schemas(), "make schema writes them anew"
    for schema in kept.values():
        Draft202012Validator.check_schema(json.loads(schema))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_data_file_names_its_schema_and_fits_it(file: Path) -> None:
    name = file.relative_to(DATA).as_posix()
    value = read(file, name).value
    assert [error.message for error in validator(name).iter_errors(value)] == []


@pytest.mark.parametrize("case", SHAPES)
def test_a_mistake_of_shape_is_underlined_in_the_editor_too(case: str, copy: Path) -> None:
    spoiled = yaml.safe_load((ROOT / "tests/cases/bad-data" / f"{case}.yml").read_text())
    file = copy / spoiled["file"]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(spoiled["replace"], spoiled["by"], 1), encoding="utf-8")
    name = file.relative_to(copy / "data").as_posix()
    assert list(validator(name, copy / "data").iter_errors(read(file, name).value))
