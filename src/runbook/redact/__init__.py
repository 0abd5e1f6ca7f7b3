"""Nothing is written down before it has passed here."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from runbook.redact.patterns import PATTERNS, PERSONAL, detected

__all__ = ["HIDDEN", "KEY_VARIABLE", "Redactor", "environment_secrets"]

HIDDEN = "[已隐去"
"""How every token begins: `[已隐去:5f0c2a]`, the same for the same secret and the same key."""

KEY_VARIABLE = "RUNBOOK_REDACTION_KEY"
"""The environment variable that hands the key of an incident to a kernel."""

_SHORTEST_SECRET = 4  # shorter ones would hide half of every sentence
_SHORTEST_IN_ENVIRONMENT = 8
_SECRET_NAME = re.compile(r"PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|COOKIE|DSN|AUTH", re.I)
_SECRET_IN_URL = re.compile(r"://[^\s:/@]*:([^\s@]+)@")
# Escape sequences would be obeyed by the terminal that shows them, and so would what turns the
# direction of writing, by every page.
_CONTROL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]"
)
_HALF_A_WORD = re.compile(r"[\w+/.=~-]*$")
_LONGEST_WORD = 200


def _key() -> bytes:
    return os.environ.get(KEY_VARIABLE, "").encode() or os.urandom(16)


@dataclass(frozen=True)
class Redactor:
    """Hides these secrets, and what looks like one, behind tokens that tell them apart.

    `public` are phones and addresses the runbook itself publishes; `key` makes a token tell nothing
    of its secret to who has not got the key.
    """

    secrets: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    key: bytes = field(default_factory=_key)

    def text(self, text: str, detector: bool = False) -> str:
        """The text without a secret; with the detector also without what only it knows."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                for spelling in _spellings(secret):
                    text = text.replace(spelling, self._token(secret))
        for pattern in PATTERNS:
            text = pattern.sub(self._hide, text)
        if detector:
            for found in {one for one in detected(text) if HIDDEN not in one and len(one) > 5}:
                text = text.replace(found, self._token(found))
        for pattern, certain in PERSONAL:
            for found in {one[0] for one in pattern.finditer(text)}:
                if certain(found) and not self._is_public(found):
                    text = text.replace(found, self._token(found))
        return text

    def value(self, value: Any, detector: bool = False) -> Any:
        """The JSON value with every text in it redacted."""
        if isinstance(value, str):
            return self.text(value, detector)
        if isinstance(value, list):
            return [self.value(item, detector) for item in value]
        if isinstance(value, dict):
            return {
                self.text(key, detector): self.value(item, detector) for key, item in value.items()
            }
        return value

    def tidy(self, value: Any, most: int) -> Any:
        """Foreign JSON fit to be evidence: redacted, nothing a terminal obeys, `most` characters.

        Cut only after redaction, and between words: half a password is still one.
        """
        if isinstance(value, str):
            return _cut(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", self.text(value)), most)
        if isinstance(value, list):
            return [self.tidy(item, most) for item in value]
        if isinstance(value, dict):
            return {self.tidy(key, most): self.tidy(item, most) for key, item in value.items()}
        return value

    def _hide(self, found: re.Match[str]) -> str:
        secret = found["s"]
        if HIDDEN in secret or not secret.strip():
            return found[0]
        begin, end = found.start("s") - found.start(), found.end("s") - found.start()
        bare = secret.strip("\\\"'") or secret
        return found[0][:begin] + self._token(bare) + found[0][end:]

    def _is_public(self, found: str) -> bool:
        return _dialled(found) in {_dialled(one) for one in self.public}

    def _token(self, secret: str) -> str:
        plain = unquote(secret).encode("utf-8", "replace")
        return f"{HIDDEN}:{hmac.new(self.key, plain, hashlib.sha256).hexdigest()[:6]}]"


def environment_secrets(environment: dict[str, str]) -> frozenset[str]:
    """The values in the environment that are secret by their name, and passwords in its URLs."""
    found = {
        value
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and name != KEY_VARIABLE and not value.startswith("/")
    }
    found |= {one for value in environment.values() for one in _SECRET_IN_URL.findall(value)}
    return frozenset(one for one in found if len(one) >= _SHORTEST_IN_ENVIRONMENT)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    begin = text[:most]
    half = _HALF_A_WORD.search(begin, max(0, most - _LONGEST_WORD))
    return begin[: half.start()] if half else begin


def _dialled(text: str) -> str:
    """The last eleven digits: +86-138-0000-0001 and 13800000001 are one phone."""
    digits = "".join(filter(str.isdigit, text))
    return digits[-11:] if "@" not in text else text.lower()


def _spellings(secret: str) -> Iterator[str]:
    """The secret as it stands in plain text, JSON, a URL and HTML."""
    return iter(
        dict.fromkeys(
            (
                secret,
                json.dumps(secret)[1:-1],
                json.dumps(secret, ensure_ascii=False)[1:-1],
                quote(secret),
                quote(secret, safe=""),
                html.escape(secret),
            )
        )
    )
