"""Whatever one file names must be there in the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from runbook.catalog.references import handbook, monitoring, people, scenarios
from runbook.catalog.references.naming import Named
from runbook.catalog.salvage import Salvage
from runbook.errors import Problem

_NAMING: tuple[tuple[Callable[..., Iterator[Problem]], tuple[str, ...]], ...] = (
    (people.contact_problems, ("contacts",)),
    (people.severity_problems, ("severity",)),
    (people.telling_problems, ("severity", "contacts", "vendors", "channels", "templates")),
    (scenarios.check_problems, ("checks",)),
    (handbook.axis_problems, ("axes", "actions")),
    (handbook.process_problems, ("process", "axes", "severity")),
    (handbook.template_problems, ("templates",)),
    (handbook.channel_problems, ("channels",)),
    (handbook.search_problems, ("search", "pages")),
    (monitoring.alert_problems, ("monitoring", "severity")),
    (monitoring.borrowing_problems, ("checks", "monitoring")),
)
"""What to ask of the first file, with all that the question needs to know."""

_OF_A_SCENARIO: tuple[tuple[Callable[..., Iterator[Problem]], tuple[str, ...]], ...] = (
    (scenarios.scenario_problems, ("checks", "actions", "severity")),
    (scenarios.handling_problems, ("axes", "vendors", "templates")),
    (monitoring.expecting_problems, ("monitoring",)),
)
"""What to ask of each scenario, with all that the question needs to know."""


def dangling(
    salvaged: Mapping[str, Salvage], slugs: Collection[str], docs: Path
) -> Iterator[Problem]:
    """Names that lead nowhere.

    `salvaged` is by the path of the file in `data/`, `slugs` are the scenarios among them,
    and the pages they speak of are in `docs`.
    A name that stands in a part that could not be read is not unknown.
    """
    lost = frozenset().union(*(one.lost for one in salvaged.values()))
    for problem in _all(salvaged, slugs, docs):
        if not (isinstance(problem, Named) and lost.intersection(problem.name.split("."))):
            yield problem


def _all(salvaged: Mapping[str, Salvage], slugs: Collection[str], docs: Path) -> Iterator[Problem]:
    for question, names in _NAMING:
        yield from _asked(question, [salvaged[name] for name in names])
    pages = {slug: salvaged[f"scenarios/{slug}"] for slug in slugs}
    for question, names in _OF_A_SCENARIO:
        for page in pages.values():
            yield from _asked(question, [page, *(salvaged[name] for name in names)])
    yield from _asked(handbook.page_problems, [salvaged["pages"], salvaged["contacts"]], docs)
    reviewed = ("reviews", "contacts", "vendors", "monitoring")
    yield from _asked(handbook.review_problems, [salvaged[name] for name in reviewed])
    by_slug = {slug: page.value for slug, page in pages.items()}
    for page in pages.values():
        about = [page, salvaged["contacts"], salvaged["vendors"]]
        yield from _asked(scenarios.cause_problems, about, by_slug)
    yield from _asked(scenarios.action_problems, [salvaged["actions"]], by_slug)
    yield from _asked(monitoring.leading_problems, [salvaged["monitoring"]], by_slug)


def _asked(
    question: Callable[..., Iterator[Problem]], about: list[Salvage], *more: object
) -> Iterator[Problem]:
    if all(one.value is not None for one in about):
        yield from question(about[0].document, *(one.value for one in about), *more)
