"""Everything in `data/` as far as it can be read, with everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runbook.catalog.edition import read_edition
from runbook.catalog.references import dangling
from runbook.catalog.references.groups import group_problems
from runbook.catalog.references.people import roster_problems
from runbook.catalog.salvage import Salvage, salvage
from runbook.catalog.shapes import SHAPES
from runbook.catalog.strict_yaml import Document
from runbook.catalog.targets import target_problems
from runbook.errors import Problem
from runbook.model import Overrides, Scenario
from runbook.model.base import SLUG
from runbook.words import nearest, say

_NOTHING = Overrides(swaps=(), overrides=(), leave=())


@dataclass(frozen=True)
class Survey:
    """What was found; `salvaged` is by the path of the file in `data/`, without its ending."""

    salvaged: Mapping[str, Salvage]
    slugs: tuple[str, ...]
    targets: Document
    problems: tuple[Problem, ...]


def survey(root: Path) -> Survey:
    """What stands in `data/`, and every problem of it that makes it unfit to be trusted."""
    data = root / "data"
    slugs = tuple(sorted(path.stem for path in (data / "scenarios").glob("*.yml")))
    targets = read_edition(data / "targets.yml", data, root)
    salvaged = {
        **{
            name: salvage(read_edition(data / f"{name}.yml", data, root), shape)
            for name, shape in SHAPES.items()
        },
        **{
            f"scenarios/{slug}": salvage(
                read_edition(data / "scenarios" / f"{slug}.yml", data, root), Scenario
            )
            for slug in slugs
        },
    }
    found = [
        *targets.problems,
        *(problem for one in salvaged.values() for problem in one.whole.problems),
        *(problem for one in salvaged.values() for problem in one.problems),
        *([] if targets.problems else target_problems(targets)),
        *dangling(salvaged, slugs, root / "docs"),
        *_roster(salvaged, stops=True),
        *_groups(salvaged["groups"], targets),
        *_files(data, root, slugs),
    ]
    return Survey(salvaged, slugs, targets, _in_order(found))


def problems(root: Path, now: datetime) -> tuple[Problem, ...]:
    """Every problem, also what is only unwise about the roster at the moment `now`."""
    found = survey(root)
    return _in_order([*found.problems, *_roster(found.salvaged, stops=False, now=now)])


def _roster(
    salvaged: Mapping[str, Salvage], *, stops: bool, now: datetime | None = None
) -> Iterator[Problem]:
    rotation, overrides = salvaged["rotation"].value, salvaged["overrides"].value or _NOTHING
    people = salvaged["contacts"].whole.value
    if rotation is not None and isinstance(people, dict):
        documents = {name: salvaged[name].document for name in ("rotation", "overrides")}
        lost = frozenset().union(*(salvaged[name].lost for name in documents))
        for problem in roster_problems(
            documents, people, rotation, overrides, stops=stops, now=now
        ):
            if problem.name not in lost:
                yield problem


def _groups(groups: Salvage, targets: Document) -> Iterator[Problem]:
    if groups.value is not None and isinstance(targets.value, dict):
        yield from group_problems(groups.document, groups.value, targets.value)


def _files(data: Path, root: Path, slugs: tuple[str, ...]) -> Iterator[Problem]:
    """Scenarios under no proper name, and files nobody reads."""
    if not slugs:
        missing = say("yaml.missing_file"), say("yaml.expected_file")
        yield Problem("data/scenarios", *missing)
    for slug in slugs:
        if not re.fullmatch(SLUG, slug):
            what = say("data.wrong", field=say("kinds.scenario"), value=slug)
            yield Problem(f"data/scenarios/{slug}.yml:1:1", what, say("data.slug"))
    known = {*SHAPES, "targets"}
    for path in sorted(data.rglob("*")):
        if path.suffix not in (".yml", ".yaml") or path.name.startswith("."):
            continue
        place = path.relative_to(data).parts
        if re.fullmatch("[a-z]{2}", place[0]):
            place = place[1:]  # the texts of another language
        read_here = path.suffix == ".yml" and (
            path.stem in known if len(place) == 1 else place[:-1] == ("scenarios",)
        )
        if not read_here:
            where = f"{path.relative_to(root).as_posix()}:1:1"
            hint = nearest(path.stem, known)
            yield Problem(where, say("data.stray_file"), say("data.expected_file_name", hint=hint))


def _in_order(found: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(found), key=_position))


def _position(problem: Problem) -> tuple[str, int, int]:
    file, *numbers = problem.where.rsplit(":", 2)
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers):
        return problem.where, 0, 0
    return file, int(numbers[0]), int(numbers[1])
