"""Whatever one file names must be there in the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runbook.catalog.references import handbook, people, scenarios
from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem

_NAMING: tuple[tuple[Callable[..., Iterator[Problem]], tuple[str, ...]], ...] = (
    (people.rotation_problems, ("rotation", "contacts")),
    (scenarios.check_problems, ("checks",)),
    (scenarios.action_problems, ("actions",)),
    (handbook.axis_problems, ("axes",)),
    (handbook.process_problems, ("process", "axes", "severity")),
    (handbook.template_problems, ("templates",)),
)
"""What to ask of the first file, with all that the question needs to know."""

_OF_A_SCENARIO: tuple[tuple[Callable[..., Iterator[Problem]], tuple[str, ...]], ...] = (
    (scenarios.scenario_problems, ("checks", "actions", "severity")),
    (scenarios.handling_problems, ("axes", "vendors", "templates")),
)
"""What to ask of each scenario, with all that the question needs to know."""


def dangling(
    documents: Mapping[str, Document],
    pages: Mapping[str, Document],
    built: Mapping[str, Any],
    known: Mapping[str, Any],
) -> Iterator[Problem]:
    """Names that lead nowhere; of files that could not be read, their own problems are enough.

    `documents` and `built` are by the name of a file in `data/`, `pages` and `known` by scenario.
    """
    for question, names in _NAMING:
        if all(built[name] is not None for name in names):
            yield from question(documents[names[0]], *(built[name] for name in names))
    for question, names in _OF_A_SCENARIO:
        if all(built[name] is not None for name in names):
            for slug, scenario in known.items():
                if scenario is not None:
                    yield from question(pages[slug], scenario, *(built[name] for name in names))
