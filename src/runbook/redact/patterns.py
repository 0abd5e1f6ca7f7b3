"""Where in a plain text something stands that looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

from runbook.redact.issuers import ISSUED
from runbook.redact.places import RULES

_EDGE_BEFORE = " \t\r\n\\\"'`“”「」"
_EDGE_AFTER = _EDGE_BEFORE + ".,;:，。；"
_HINTS = frozenset(hint for rule in RULES for hint in rule.hints)
_LIKELY = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{8,}")


def suspects(text: str, detector: bool) -> Iterator[tuple[int, int]]:
    """What looks like a secret in the text, the surest first, without the marks around it.

    With the detector also what only it knows.  One may stand within another.
    """
    for found in ISSUED.finditer(text):
        yield found.span()
    lower = _lower(text)
    # Most texts have none of the words without which there is nothing to look for.
    said = frozenset(filter(lower.__contains__, _HINTS))
    if detector:
        from runbook.redact.detector import detected

        yield from detected(text, lower)
    for rule in RULES if said else ():
        if not said.isdisjoint(rule.hints):
            for found in rule.pattern.finditer(text if rule.exact else lower):
                yield _bare(text, *found.span(found.lastindex or 0))


def prepare() -> None:
    """Compile every pattern now, for who has the time and will soon need them."""
    for rule in RULES:
        re.compile(rule.regex)
    import_module("runbook.redact.detector")


def is_likely(secret: str) -> bool:
    """Whether the secret is no word of a language, so that it means the same wherever it stands."""
    return _LIKELY.fullmatch(secret) is not None


def _lower(text: str) -> str:
    """The text in lower case, every character at its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def _bare(text: str, begin: int, end: int) -> tuple[int, int]:
    inside = text[begin:end]
    begin, end = (
        begin + len(inside) - len(inside.lstrip(_EDGE_BEFORE)),
        end - len(inside) + len(inside.rstrip(_EDGE_AFTER)),
    )
    return begin, max(begin, end)
