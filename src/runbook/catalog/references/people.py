"""Levels, contacts and the roster must make sense as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from runbook.catalog.references.naming import Named, unknown
from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem
from runbook.model import (
    Channels,
    Contact,
    Overrides,
    Rotation,
    Severity,
    Templates,
    Vendor,
)
from runbook.oncall import Flaw, Roster, flaws
from runbook.words import nearest, say


def roster_problems(
    documents: Mapping[str, Document],
    people: Mapping[str, Any],
    rotation: Rotation,
    overrides: Overrides,
    *,
    stops: bool,
    now: datetime | None = None,
) -> Iterator[Named]:
    """The rules of the roster that are broken: those that make it untrustworthy, or the others.

    `people` are the contacts as they stand in the file, so that a slip there raises no alarm here.
    """
    phones = {
        name: not isinstance(one, dict) or bool(one.get("phone")) for name, one in people.items()
    }
    for flaw in flaws(Roster(rotation, overrides), phones, stops=stops, now=now):
        yield Named(
            documents[flaw.file].where(flaw.place),
            say(f"roster.{flaw.rule}", **flaw.facts),
            say(f"roster.{flaw.rule}_do", hint=_hint(flaw, phones)),
            str(flaw.facts.get("name", "")),
        )


def contact_problems(document: Document, contacts: dict[str, Contact]) -> Iterator[Problem]:
    """Two people under one number or address: one of them cannot be reached."""
    for field in ("phone", "email", "slack"):
        seen: dict[str, str] = {}
        for name, contact in contacts.items():
            value = getattr(contact, field)
            if value is not None and value in seen:
                what = say("data.shared", field=field, value=value, other=seen[value])
                yield Named(document.where((name, field)), what, say("data.expected_own"), value)
            seen[value] = name


def severity_problems(document: Document, severities: dict[str, Severity]) -> Iterator[Problem]:
    """Levels that are over before they are answered, or leave less time than a worse one."""
    for name, one in severities.items():
        if one.respond_within > one.resolve_within:
            where = document.where((name, "respond_within"))
            what = say("data.respond_after_resolve", name=name)
            yield Problem(where, what, say("data.expected_sooner"))
    for (worse, one), (name, other) in pairwise(severities.items()):
        for field in ("respond_within", "resolve_within"):
            if getattr(other, field) < getattr(one, field):
                what = say("data.sooner", field=field, name=name, worse=worse)
                yield Problem(document.where((name, field)), what, say("data.expected_later"))


def telling_problems(
    document: Document,
    severities: dict[str, Severity],
    contacts: dict[str, Contact],
    vendors: dict[str, Vendor],
    channels: Channels,
    templates: Templates,
) -> Iterator[Problem]:
    """Whom a level would tell, and with which text, though nobody knows them."""
    known = {*contacts, *vendors, *channels.internal, *channels.external}
    for name, one in severities.items():
        for index, told in enumerate(one.tell):
            yield from unknown(document, (name, "tell", index), told, known, "told")
        there = templates.templates
        yield from unknown(document, (name, "template"), one.template, there, "template")


def _hint(flaw: Flaw, known: Mapping[str, bool]) -> str:
    return nearest(str(flaw.facts.get("name", "")), known)
