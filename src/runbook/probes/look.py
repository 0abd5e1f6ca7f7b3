"""What every probe shares: how it says what it saw, and that it could not look."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import JsonValue

from runbook.model import Target
from runbook.words import say

Saw = dict[str, JsonValue]

TEXT_LIMIT = 2000  # characters of foreign text kept as evidence


class CouldNotLook(Exception):
    """There was no way to ask; the message says why, and what would make it possible."""


def database_password(target: Target) -> str | None:
    """The password from the environment or from the deployment's own file; None without either.

    Raises CouldNotLook where the file is named but cannot be read.
    """
    database = target.database
    if database.password_env in os.environ:
        return os.environ[database.password_env]
    if database.password_file is None:
        return None
    try:
        return Path(database.password_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CouldNotLook(
            say("probe.password_file", file=database.password_file, detail=error.strerror)
        ) from error


def secrets_of(target: Target) -> frozenset[str]:
    """The words that must never be written down for this target."""
    try:
        password = database_password(target)
    except CouldNotLook:
        password = None
    return frozenset({password} if password else ())
