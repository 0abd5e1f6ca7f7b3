"""What the phases, the axes and the messages name must be there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from runbook.catalog.references.naming import argv_problems, unfillable, unknown
from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model import (
    Action,
    Axis,
    Channels,
    Contact,
    Monitoring,
    Page,
    Phase,
    Review,
    Reviews,
    SearchWords,
    Severity,
    Templates,
    Vendor,
)
from runbook.words import say


def axis_problems(
    document: Document, axes: dict[str, Axis], actions: dict[str, Action]
) -> Iterator[Problem]:
    """Placeholders in the commands of the axes, which are typed as they stand; unknown actions."""
    for name, axis in axes.items():
        for step, remedy in axis.steps.items():
            here: Place = (name, "steps", step)
            yield from argv_problems(document, (*here, "argv"), remedy.argv or (), ())
            if remedy.act and "-".join(remedy.act[:2]) not in actions:
                yield from unknown(document, (*here, "act", 0), remedy.act[0], actions, "action")
            yield from argv_problems(document, (*here, "verify", "argv"), remedy.verify.argv, ())
            yield from argv_problems(document, (*here, "undo", "argv"), remedy.undo.argv or (), ())


def channel_problems(document: Document, channels: Channels) -> Iterator[Problem]:
    """Channels to go on to that do not exist, or are the one that is down.

    An order ends of itself: two channels may name each other, and nobody goes round in a circle.
    """
    for name, channel in channels.internal.items():
        for index, other in enumerate(channel.fallback):
            place: Place = ("internal", name, "fallback", index)
            yield from unknown(document, place, other, channels.internal, "channel")
            if other == name:
                what = say("data.its_own_fallback", name=name)
                yield Problem(document.where(place), what, say("data.expected_another"))


def page_problems(
    document: Document, pages: dict[str, Page], contacts: dict[str, Contact], docs: Path
) -> Iterator[Problem]:
    """Owners nobody knows, pages that are not there, and pages nobody answers for."""
    there = {
        file.relative_to(docs).with_suffix("").as_posix()
        for file in docs.rglob("*.md")
        if file.relative_to(docs).parts[0] != "templates"
    }
    for name, page in pages.items():
        yield from unknown(document, (name,), name, there, "page")
        yield from unknown(document, (name, "owner"), page.owner, contacts, "contact")
    for name in sorted(there - pages.keys()):
        yield Problem(document.where(()), say("data.missing", field=name), say("data.unowned"))


def review_problems(
    document: Document,
    reviews: Reviews,
    contacts: dict[str, Contact],
    vendors: dict[str, Vendor],
    monitoring: Monitoring,
) -> Iterator[Problem]:
    """Owners nobody knows, and reviews of what is not there."""
    there: tuple[tuple[str, Collection[str], str], ...] = (
        ("contacts", contacts, "contact"),
        ("vendors", vendors, "vendor"),
        ("thresholds", monitoring.thresholds, "threshold"),
    )
    for field, known, kind in there:
        found: dict[str, Review] = getattr(reviews, field)
        for name, review in found.items():
            yield from unknown(document, (field, name), name, known, kind)
            yield from unknown(document, (field, name, "owner"), review.owner, contacts, "contact")


def search_problems(
    document: Document, search: SearchWords, pages: dict[str, Page]
) -> Iterator[Problem]:
    """Words for pages that are not there, and a word that means two things."""
    for name in search.pages:
        yield from unknown(document, ("pages", name), name, pages, "page")
    said: set[str] = set()
    for row, ways in enumerate(search.synonyms):
        for column, word in enumerate(ways):
            if word.lower() in said:
                where = document.where(("synonyms", row, column))
                yield Problem(where, say("data.two_meanings", word=word), say("data.one_meaning"))
            said.add(word.lower())


def process_problems(
    document: Document,
    process: dict[str, Phase],
    axes: dict[str, Axis],
    severities: dict[str, Severity],
) -> Iterator[Problem]:
    """Levels and axes that a phase names and nobody defined."""
    for name, phase in process.items():
        for at, step in enumerate(phase.steps):
            here: Place = (name, "steps", at)
            for index, level in enumerate(step.levels):
                place = (*here, "levels", index)
                yield from unknown(document, place, level, severities, "severity")
            for index, axis in enumerate(step.axes):
                yield from unknown(document, (*here, "axes", index), axis, axes, "axis")


def template_problems(document: Document, templates: Templates) -> Iterator[Problem]:
    """Blanks in a text that nobody described, and blanks described that no text has."""
    used: set[str] = set()
    for name, template in templates.templates.items():
        here: Place = ("templates", name)
        found = list(unfillable(document, (*here, "text"), template.text, templates.variables))
        yield from found
        if found:
            used.update(templates.variables)  # what it meant to use is not known
        else:
            used.update(template.blanks)
            for field, line in (("subject", template.subject), ("short", template.short)):
                yield from unfillable(document, (*here, field), line, template.blanks)
    for name in templates.variables.keys() - used:
        where = document.where(("variables", name))
        yield Problem(where, say("data.unused", name=name), say("data.expected_used"))
