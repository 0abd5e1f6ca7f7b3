"""Nothing is written down before it has passed here."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

HIDDEN = "[已隐去]"

_SHORTEST_SECRET = 4  # shorter ones would hide half of every sentence

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # the password of a URL or DSN: scheme://user:password@host
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@\"']*):[^\s/\"']+@", re.I), rf"\1:{HIDDEN}@"),
    (
        re.compile(
            r"((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|口令|密码)"
            r"[\"']?\s*[=:：]\s*)(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"',;&]+)",
            re.I,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.I), rf"\1 {HIDDEN}"),
    (re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"), HIDDEN),
    (re.compile(r"\bAKIA[0-9A-Z]{16}\b"), HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"), HIDDEN),
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.S
        ),
        HIDDEN,
    ),
)


def redact_text(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the given secrets, and without anything that looks like one."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any, secrets: Collection[str] = ()) -> Any:
    """The JSON value with every text in it redacted, keys included."""
    if isinstance(value, str):
        return redact_text(value, secrets)
    if isinstance(value, list):
        return [redact(item, secrets) for item in value]
    if isinstance(value, dict):
        return {redact_text(key, secrets): redact(item, secrets) for key, item in value.items()}
    return value
