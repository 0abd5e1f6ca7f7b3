"""What a kernel says, cut before it is sent: whoever listens need not hold what nobody will read.

A kernel is started with `--Session.packer=runbook.outlet.packed`.  What goes through is still more
than a record keeps; `run.bound` tells there how much is missing: the message says what it lacks.
"""

from __future__ import annotations

from typing import Any

from jupyter_client.session import json_packer

from runbook.model import DIAGNOSIS_TYPE

LONGEST = 1 << 20
"""Characters of one text in a message."""

LACKS = "lacks"
"""The field of a message's content that tells how many characters were cut off."""


def packed(part: Any) -> bytes:
    """The part of a message as JSON, no text in it longer than that."""
    return bytes(json_packer(_bounded(part) if isinstance(part, dict) else part))


def _bounded(part: dict[str, Any]) -> dict[str, Any]:
    data = part.get("data")
    if isinstance(data, dict) and DIAGNOSIS_TYPE in data:
        return part  # evidence, cut to size where it was taken
    short, lacks = _short(part)
    return {**short, LACKS: lacks} if lacks else part


def _short(value: Any) -> tuple[Any, int]:
    """The value with its texts cut, and how many characters it lacks."""
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST], len(value) - LONGEST
    if isinstance(value, dict):
        cut = {name: _short(one) for name, one in value.items()}
        return {name: one for name, (one, _) in cut.items()}, sum(lack for _, lack in cut.values())
    if isinstance(value, list):
        parts = [_short(one) for one in value]
        return [one for one, _ in parts], sum(lack for _, lack in parts)
    return value, 0
