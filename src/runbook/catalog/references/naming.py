"""What any file may get wrong about a name it takes from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from string import Formatter, Template

from runbook.catalog.strict_yaml import Document, Place
from runbook.errors import Problem
from runbook.model import Action
from runbook.model.scenario import COMMAND_NAMES, Step
from runbook.model.target import Services
from runbook.words import listed, nearest, say


@dataclass(frozen=True)
class Named(Problem):
    """A problem with a name: none where the name is of a part that could not be read."""

    name: str


def unknown(
    document: Document, place: Place, name: str, known: Collection[str], kind: str
) -> Iterator[Problem]:
    """The problem of a name that nothing known bears, with the nearest that something does."""
    if name not in known:
        what = say("data.unknown", kind=say(f"kinds.{kind}"), name=name)
        hint = nearest(name, list(known))
        expected = say("data.expected_known", names=_listed(known), hint=hint)
        yield Named(document.where(place), what, expected, name)


def _listed(known: Collection[str]) -> str:
    return listed(sorted(known)[:12]) or say("kinds.nothing")


def unfillable(
    document: Document, place: Place, sentence: str, facts: Collection[str]
) -> Iterator[Problem]:
    """A sentence whose `{...}` are not plain names of the facts there are."""
    try:
        parsed = [(field, spec, how) for _, field, spec, how in Formatter().parse(sentence)]
    except ValueError:
        parsed = [("", None, None)]
    if any(
        field is not None and (field not in facts or spec or how) for field, spec, how in parsed
    ):
        what = say("data.template", field=place[-1])
        names = listed(f"{{{fact}}}" for fact in sorted(facts)) or say("kinds.nothing")
        yield Problem(document.where(place), what, say("data.expected_template", names=names))


def step_problems(
    document: Document, place: Place, step: Step, actions: dict[str, Action]
) -> Iterator[Problem]:
    """Actions, services and placeholders of a step that do not exist."""
    if step.action and step.service:
        yield from unknown(document, (*place, "action"), step.action, actions, "action")
        services = Services.model_fields
        yield from unknown(document, (*place, "service"), step.service, services, "service")
    yield from argv_problems(document, (*place, "argv"), step.argv or ())


def argv_problems(
    document: Document, place: Place, argv: Collection[str], known: Collection[str] = COMMAND_NAMES
) -> Iterator[Problem]:
    """Words of a command whose `${...}` are not among the known names."""
    for index, word in enumerate(argv):
        here, names = (*place, index), Template(word).get_identifiers()
        if not Template(word).is_valid() or (names and not known):
            usable = listed(f"${{{name}}}" for name in sorted(known))
            expected = (
                say("data.expected_template", names=usable)
                if known
                else say("data.literal_command")
            )
            what = say("data.template", field=place[-1])
            yield Problem(document.where(here), what, expected)
            continue
        for name in names:
            yield from unknown(document, here, name, known, "placeholder")
