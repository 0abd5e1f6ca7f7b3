"""What every probe shares: how it says what it saw, and that it could not look."""

from __future__ import annotations

from pydantic import JsonValue

from runbook.access import CouldNotLook

__all__ = ["KEPT", "TEXT_LIMIT", "CouldNotLook", "Saw"]

Saw = dict[str, JsonValue]

TEXT_LIMIT = 2000  # characters of a foreign text that are kept, once it is redacted
KEPT = 20_000  # characters a probe hands on; only what is redacted may be cut any shorter
