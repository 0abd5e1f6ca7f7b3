"""Nothing is written down before it has passed here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import quote

HIDDEN = "[已隐去]"

_SHORTEST_SECRET = 4  # shorter ones would hide half of every sentence

# A quotation may be cut off in the middle.
_QUOTED = r"\"(?:\\.|[^\"\\\n])*(?:\"|$)|''[^'\n]+''|'(?:\\.|[^'\\\n])*(?:'|$)"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # the password of a URL or DSN: scheme://user:password@host; a port is followed by a slash
    (
        re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@\"']*):(?!\d+/)[^\s\"'@]+@", re.I),
        rf"\1:{HIDDEN}@",
    ),
    # password = x, "password": "x", PASSWORD 'x' as SQL says it, --password x
    (
        re.compile(
            r"((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|口令|密码)"
            rf"\\?[\"']?(?:\s*[=:：]\s*|\s+(?=[\"'])))(?:\\?{_QUOTED}|[^\s\"',;&]+)",
            re.I,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(--?(?:password|passwd|secret|token)\s+)[^\s-]\S*", re.I), rf"\1{HIDDEN}"),
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
# Escape sequences would be obeyed by the terminal that shows them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def redact_text(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the given secrets, and without anything that looks like one."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            for spelling in _spellings(secret):
                text = text.replace(spelling, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any, secrets: Collection[str] = ()) -> Any:
    """The JSON value with every text in it redacted; the names of its fields are ours and stay."""
    if isinstance(value, str):
        return redact_text(value, secrets)
    if isinstance(value, list):
        return [redact(item, secrets) for item in value]
    if isinstance(value, dict):
        return {redact_text(key): redact(item, secrets) for key, item in value.items()}
    return value


def tidy(value: Any, secrets: Collection[str], most: int) -> Any:
    """Foreign JSON fit to be evidence: redacted, no control characters, `most` characters a text.

    Cut only after redaction: half a password is still one.
    """
    if isinstance(value, str):
        return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", redact_text(value, secrets))[:most]
    if isinstance(value, list):
        return [tidy(item, secrets, most) for item in value]
    if isinstance(value, dict):
        return {tidy(key, secrets, most): tidy(item, secrets, most) for key, item in value.items()}
    return value


def redact_notebook(
    notebook: dict[str, Any], secrets: Collection[str], keep: str = ""
) -> dict[str, Any]:
    """The notebook with what it says redacted, and its structure as it was.

    An output of the media type `keep` holds what was redacted before: the known secrets are not
    looked for in it again, since one may be a word it is made of.
    """
    cells = [
        {
            **cell,
            "source": redact(cell["source"], secrets),
            "metadata": redact(cell["metadata"]),
            **(
                {"outputs": [_output(one, secrets, keep) for one in cell["outputs"]]}
                if "outputs" in cell
                else {}
            ),
        }
        for cell in notebook["cells"]
    ]
    metadata = redact(notebook["metadata"])
    given = metadata.get("papermill", {}).get("parameters")
    if given:
        metadata["papermill"]["parameters"] = redact(given, secrets)
    return {**notebook, "cells": cells, "metadata": metadata}


def _output(output: dict[str, Any], secrets: Collection[str], keep: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        key: redact(output[key], secrets)
        for key in ("text", "ename", "evalue", "traceback")
        if key in output
    }
    if "data" in output:
        said["data"] = {
            media: redact(data, () if media == keep else secrets)
            for media, data in output["data"].items()
        }
    return {**output, **said}


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
