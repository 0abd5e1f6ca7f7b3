"""One thing a command names, and what every reader of commands needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from runbook.model.drift import ClaimKind

PLAIN = re.compile(r"[a-z][a-z0-9-]*")
HERE = frozenset({"localhost", "127.0.0.1", "[::1]", "0.0.0.0"})  # noqa: S104 - people type it


class Said(NamedTuple):
    """One thing a command names."""

    kind: ClaimKind
    name: str
    of: str = ""


class Started(NamedTuple):
    """Services that a command starts, and with which verb: what was exported before meets them."""

    verb: str
    services: tuple[str, ...]


def known(word: str) -> bool:
    """Whether the word is a name, and not to be filled in."""
    return bool(word) and "$" not in word and "{" not in word


def options(
    words: Sequence[str], with_value: frozenset[str], *, first_only: bool = False
) -> tuple[list[tuple[str, str]], list[str]]:
    """The options with their values, and the other words; with `first_only` none behind those."""
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    position = 0
    while position < len(words):
        word, position = words[position], position + 1
        if not word.startswith("-"):
            rest.append(word)
            if first_only:
                return found, [*rest, *words[position:]]
            continue
        option, given, value = word.partition("=")
        if option in with_value and not given and position < len(words):
            value, position = words[position], position + 1
        found.append((option, value))
    return found, rest
