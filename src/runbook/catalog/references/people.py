"""The people that other files put on duty must be known."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.catalog.references.naming import unknown
from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem
from runbook.model import Contact, Rotation
from runbook.words import say


def rotation_problems(
    document: Document, rotation: Rotation, contacts: dict[str, Contact]
) -> Iterator[Problem]:
    """Weeks that put someone on duty whom the contacts do not know, or one person twice."""
    for index, duty in enumerate(rotation.weeks):
        for role in ("primary", "secondary"):
            yield from unknown(
                document, ("weeks", index, role), getattr(duty, role), contacts, "contact"
            )
        if duty.primary == duty.secondary:
            where = document.where(("weeks", index))
            yield Problem(where, say("data.same_person"), say("data.expected_two"))
