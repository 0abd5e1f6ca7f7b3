"""Everything the team knows, read from `data/` and trusted only as a whole."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runbook.catalog.build import build, nearest
from runbook.catalog.references import dangling
from runbook.catalog.shapes import SHAPES
from runbook.catalog.strict_yaml import Document, read
from runbook.catalog.targets import resolve, target_problems
from runbook.errors import BadData, BadInput, Problem
from runbook.model import (
    Absent,
    Action,
    After,
    Appendix,
    Axis,
    Channels,
    Check,
    Contact,
    Monitoring,
    Phase,
    Rotation,
    Scenario,
    Severity,
    Target,
    Templates,
    Vendor,
)
from runbook.model.base import SLUG
from runbook.words import say

__all__ = ["Catalog", "find_root", "load"]


@dataclass(frozen=True)
class Catalog:
    """The content of `data/`, whole and checked."""

    root: Path
    severities: dict[str, Severity]
    contacts: dict[str, Contact]
    rotation: Rotation
    checks: dict[str, Check]
    actions: dict[str, Action]
    vendors: dict[str, Vendor]
    channels: Channels
    process: dict[str, Phase]
    axes: dict[str, Axis]
    monitoring: Monitoring
    templates: Templates
    after: After
    appendix: Appendix
    scenarios: dict[str, Scenario]
    target_file: Document

    def scenario(self, slug: str) -> Scenario:
        """The scenario of that name; raises BadInput, naming the nearest, for any other."""
        if slug not in self.scenarios:
            raise _not_there("scenario", slug, list(self.scenarios))
        return self.scenarios[slug]

    def target(self, name: str) -> Target | Absent:
        """The target of that name with its addresses of this moment; raises BadInput, BadData."""
        if name not in self.target_names:
            raise _not_there("target", name, self.target_names)
        return resolve(self.target_file, name, self.root)

    @property
    def target_names(self) -> list[str]:
        """The names `--target` accepts."""
        return list(self.target_file.value)

    @property
    def state_variables(self) -> list[str]:
        """The environment variables that say where a deployment wrote down its addresses."""
        states = [raw.get("state") for raw in self.target_file.value.values()]
        return [state["env"] for state in states if state]


def find_root() -> Path:
    """The project's root: RUNBOOK_ROOT, or the nearest folder above with `data/` and `mkdocs.yml`.

    Raises BadInput where there is none.
    """
    given = os.environ.get("RUNBOOK_ROOT")
    here = Path(given) if given else Path.cwd()
    candidates = [here] if given else [here, *here.parents, Path(__file__).parents[3]]
    for folder in candidates:
        if (folder / "data").is_dir() and (folder / "mkdocs.yml").is_file():
            return folder.resolve()
    raise BadInput(say("data.no_root", folder=here))


@cache
def load(root: Path) -> Catalog:
    """The catalog of the project at `root`; raises BadData with every problem at once."""
    data = root / "data"
    documents = {name: _document(data / f"{name}.yml", root) for name in (*SHAPES, "targets")}
    slugs = sorted(path.stem for path in (data / "scenarios").glob("*.yml"))
    pages = {slug: _document(data / "scenarios" / f"{slug}.yml", root) for slug in slugs}

    problems = [
        problem for one in (*documents.values(), *pages.values()) for problem in one.problems
    ]
    built: dict[str, Any] = {}
    for name, shape in SHAPES.items():
        built[name] = _built(documents[name], shape, problems)
    scenarios = {slug: _built(page, Scenario, problems) for slug, page in pages.items()}
    problems += [
        Problem(
            page.where(()),
            say("data.wrong", field=say("kinds.scenario"), value=slug),
            say("data.slug"),
        )
        for slug, page in pages.items()
        if not re.fullmatch(SLUG, slug)
    ]
    if not documents["targets"].problems:
        problems += target_problems(documents["targets"])
    problems += dangling(documents, pages, built, scenarios)
    if not slugs:
        missing = say("yaml.missing_file"), say("yaml.expected_file")
        problems.append(Problem("data/scenarios", *missing))
    if problems:
        raise BadData(sorted(set(problems), key=_position))
    return Catalog(
        root=root,
        severities=built.pop("severity"),
        scenarios=dict(sorted(scenarios.items(), key=lambda one: (one[1].rank, one[0]))),
        target_file=documents["targets"],
        **built,
    )


def _document(path: Path, root: Path) -> Document:
    return read(path, path.relative_to(root).as_posix())


def _built(document: Document, shape: Any, problems: list[Problem]) -> Any:
    # A file that is not even YAML has said all it can.
    if document.value is None and document.problems:
        return None
    value, found = build(document, shape)
    problems += found
    return value


def _position(problem: Problem) -> tuple[str, int, int]:
    file, *numbers = problem.where.rsplit(":", 2)
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers):
        return problem.where, 0, 0
    return file, int(numbers[0]), int(numbers[1])


def _not_there(kind: str, name: str, known: list[str]) -> BadInput:
    hint = nearest(name, known)
    word = say(f"kinds.{kind}")
    return BadInput(say("data.not_there", kind=word, name=name, names="、".join(known), hint=hint))
