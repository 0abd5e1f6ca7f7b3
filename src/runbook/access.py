"""What a target keeps secret, and where that is to be found."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from runbook.model import Target
from runbook.words import say

_LONGEST_PASSWORD = 4096


class CouldNotLook(Exception):
    """There was no way to ask; the message says why, and what would make it possible."""


def database_password(target: Target) -> str | None:
    """The database's password, from where the target says; None where it is not there.

    Raises CouldNotLook where a file is named but cannot be read.
    """
    return _secret(target.database.password_env, target.database.password_file)


def ai_key(target: Target) -> str | None:
    """The key of the AI provider, from where the target says; None where it is not there.

    Raises CouldNotLook where a file is named but cannot be read.
    """
    return _secret(target.ai.key_env, target.ai.key_file) if target.ai else None


def _secret(variable: str, named: str | None) -> str | None:
    if variable in os.environ:
        return os.environ[variable]
    if named is None:
        return None
    file = Path(named)
    try:
        if not file.is_file():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        with file.open(encoding="utf-8") as text:
            return text.read(_LONGEST_PASSWORD).strip()
    except (OSError, ValueError) as error:
        raise CouldNotLook(say("probe.password_file", file=file, detail=error)) from error


def secrets_of(target: Target) -> frozenset[str]:
    """The words that must never be written down for this target.

    A password that is also one of the target's public names is none: hiding it would only spoil
    the commands.
    """
    found = set()
    for secret in (database_password, ai_key):
        with suppress(CouldNotLook):
            found.add(secret(target))
    return frozenset(secret for secret in found if secret and secret not in target.public)
