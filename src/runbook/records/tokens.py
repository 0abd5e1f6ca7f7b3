"""The key of an incident's tokens, so that one secret has one token in all of its records.

Whoever has the key can try guesses against a token, so it stands beside the incidents, is kept out
of git and off the site, and only its owner may read it.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from runbook.errors import BadInput
from runbook.words import say

_FOLDER = ".redaction"


def token_key(records: Path, incident: str) -> bytes:
    """The key of that incident, made at its first use; raises BadInput where it cannot be kept."""
    file = records / _FOLDER / incident
    try:
        if not file.is_file():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, made = tempfile.mkstemp(dir=file.parent)
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as text:
                    text.write(secrets.token_hex(16))
                # Of many processes at once the first one's stays.
                with suppress(FileExistsError):
                    os.link(made, file)
            finally:
                Path(made).unlink()
        return file.read_bytes()
    except OSError as error:
        raise BadInput(say("record.not_writable", folder=records, detail=error.strerror)) from error
