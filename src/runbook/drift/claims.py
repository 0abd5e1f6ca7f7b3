"""Everything that the data and the pages take for granted of one target, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from runbook.catalog import Catalog
from runbook.catalog.documents import documents
from runbook.catalog.strict_yaml import Document, Place
from runbook.drift.commands import PLAIN, Said, Started, is_command, said_by
from runbook.drift.prose import metrics_in, said_in_page, said_in_prose
from runbook.drift.targets import target_claims
from runbook.model import Target
from runbook.model.drift import Claim
from runbook.model.scenario import RuntimeKind

_PEOPLE = "channels contacts overrides pages questions reviews rotation search vendors"
_ELSEWHERE = frozenset(_PEOPLE.split())
"""Files that speak of people and pages, never of a deployment."""
_QUOTED = frozenset({"errors", "example", "series"})
"""Keys below which others are quoted: what a stack prints, what a test of an alert makes up."""
_WORDS = frozenset({"choice", "flag", "subcommand"})
_CHOICES = 2  # plain words after a flag: from so many on it has a list of them


def claims(catalog: Catalog, target: Target) -> tuple[Claim, ...]:
    """The claims about the target, in the order of the files; the same about several places."""
    found = [*target_claims(catalog.target_file, target)]
    for name, document in documents(catalog.root).items():
        if name not in _ELSEWHERE:
            found += document_claims(document, target)
    for page in sorted((catalog.root / "docs").rglob("*.md")):
        name = page.relative_to(catalog.root).as_posix()
        found += page_claims(page.read_text(encoding="utf-8"), name)
    return tuple(dict.fromkeys(_with_siblings(found)))


def document_claims(document: Document, target: Target) -> Iterator[Claim]:
    """What a file of `data/` says: its commands word by word, and the names in its sentences."""
    others = {*get_args(RuntimeKind)} - {target.runtime.kind}

    def said(value: Any, place: Place) -> Iterator[tuple[str, Said | Started]]:
        where = document.where(place)
        if isinstance(value, dict):
            role, action = value.get("service"), value.get("action")
            if isinstance(role, str) and isinstance(action, str):
                yield document.where((*place, "service")), Said("role", role, action)
            for key, item in value.items():
                if key == "promql" and isinstance(item, str):
                    yield from ((document.where((*place, key)), one) for one in metrics_in(item))
                elif key not in _QUOTED and key not in others:
                    yield from said(item, (*place, key))
        elif isinstance(value, list) and _is_argv(value):
            yield from ((where, one) for one in said_by([str(word) for word in value]))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from said(item, (*place, index))
        elif isinstance(value, str):
            listed = bool(place) and place[0] == "files"
            yield from ((where, one) for one in said_in_prose(value, listed=listed))

    return _in_their_order(said(document.value, ()))


def page_claims(text: str, name: str) -> Iterator[Claim]:
    """What a page says in its code: blocks, spans, and the commands it has its macros show."""
    return _in_their_order(
        (f"{name}:{line}:{column}", one) for line, column, one in said_in_page(text)
    )


def _is_argv(value: list[Any]) -> bool:
    words = [word for word in value if isinstance(word, str)]
    return len(words) == len(value) and is_command(words)


def _in_their_order(said: Iterable[tuple[str, Said | Started]]) -> Iterator[Claim]:
    """The claims; what was exported is also one about the services that are started next."""
    exported: dict[str, str] = {}
    for where, one in said:
        if isinstance(one, Said):
            yield Claim(where=where, kind=one.kind, name=one.name, of=one.of)
            if one.kind == "variable" and one.of and " " not in one.of:
                exported[one.name] = where
        elif one.services:
            for name, written in exported.items():
                for service in one.services:
                    place = where if one.verb == "restart" else written
                    yield Claim(where=place, kind="variable", name=name, of=f"{one.verb} {service}")
            exported = {}


def _with_siblings(found: Iterable[Claim]) -> Iterator[Claim]:
    """The words of scripts beside one another; no word after a flag that takes any, as a reason."""
    every = list(found)
    words: dict[tuple[str, str], set[str]] = {}
    for one in every:
        if one.kind in _WORDS and (one.kind != "choice" or PLAIN.fullmatch(one.name)):
            words.setdefault((one.kind, one.of), set()).add(one.name)
    for one in every:
        if one.kind not in _WORDS:
            yield one
            continue
        known = words.get((one.kind, one.of), set())
        if one.kind != "choice" or len(known) >= _CHOICES:
            yield one.model_copy(update={"beside": tuple(sorted(known - {one.name}))})
