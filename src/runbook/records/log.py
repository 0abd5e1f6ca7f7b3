"""The log of an incident: one event a line, each with its own hash and that of the line before.

A line is a JSON object that begins with `"hash"`: the SHA-256, in hex, of the rest of the line.  In
that rest stand `n`, counted from 1, and `previous`, the hash of the line before (zeros for the
first).  So one changed byte, a line gone, moved or added shows, and where.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from runbook.errors import RunbookError
from runbook.words import say

EVENTS = "events.jsonl"
FIRST = "0" * 64
_BEGIN, _AFTER = b'{"hash": "', b'", '
_BODY = len(_BEGIN) + 64 + len(_AFTER)
_BLOCK = 64 * 1024


class Line(NamedTuple):
    """One line as it stands: its place in the file, and what it says where it can be read.

    `hash` is the hash it carries; `honest` says whether it is that of the line.
    """

    place: int
    raw: bytes
    hash: str
    honest: bool
    event: dict[str, Any]


class Head(NamedTuple):
    """The last line of a log: its number and its hash."""

    n: int
    hash: str


def append(folder: Path, event: Mapping[str, Any]) -> Head:
    """One more line, whole or not there; however many processes append at once, none is lost.

    What a writer that died has left of a line is cut off, and kept as an event of its own.  Raises
    RunbookError where it cannot be written.
    """
    try:
        with (folder / EVENTS).open("ab+") as file:
            # Also on NFS, where Linux turns it into a lock of the whole file.
            fcntl.flock(file, fcntl.LOCK_EX)
            last, torn = _ending(file)
            if torn:
                file.truncate(file.seek(0, os.SEEK_END) - len(torn))
                left = torn.decode("utf-8", "replace")
                last = _write(file, last, {"event": "torn", "at": event["at"], "left": left})
            return _write(file, last, event)
    except OSError as error:
        raise RunbookError(
            say("record.not_writable", folder=folder, detail=error.strerror)
        ) from error


def sealed(facts: Mapping[str, Any]) -> bytes:
    """The facts as one line that carries its hash."""
    body = json.dumps(facts, ensure_ascii=False)[1:].encode()
    return _BEGIN + hashlib.sha256(body).hexdigest().encode() + _AFTER + body


def lines(folder: Path) -> Iterator[Line]:
    """Every line of the log, also those that are not as they were; none where there is no log."""
    file = folder / EVENTS
    if file.is_file():
        with file.open("rb") as stream:
            for place, raw in enumerate(stream, 1):
                yield line(raw, place)


def line(raw: bytes, place: int = 1) -> Line:
    """The line as it stands; what cannot be read is an empty event that is not honest."""
    body = raw.removesuffix(b"\n")[_BODY:]
    carried = raw[len(_BEGIN) : len(_BEGIN) + 64].decode("ascii", "replace")
    whole = raw.startswith(_BEGIN) and raw[_BODY - len(_AFTER) : _BODY] == _AFTER
    honest = whole and raw.endswith(b"\n") and hashlib.sha256(body).hexdigest() == carried
    try:
        event = json.loads(b"{" + body)
    except ValueError:
        event = {}
    return Line(place, raw, carried, honest, event if isinstance(event, dict) else {})


def head(folder: Path) -> Head:
    """The last line of the log; number 0 where there is none."""
    file = folder / EVENTS
    if not file.is_file():
        return Head(0, FIRST)
    with file.open("rb") as stream:
        return _ending(stream)[0]


def _write(file: BinaryIO, last: Head, event: Mapping[str, Any]) -> Head:
    number = last.n + 1
    raw = sealed({"n": number, "previous": last.hash, **event})
    before = file.seek(0, os.SEEK_END)
    try:
        file.write(raw + b"\n")
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        # A full disk takes half of a line.
        os.ftruncate(file.fileno(), before)
        raise
    return Head(number, line(raw).hash)


def _ending(file: BinaryIO) -> tuple[Head, bytes]:
    """The last whole line, and what stands after it; read from the end."""
    end, tail = file.seek(0, os.SEEK_END), b""
    while end and tail.count(b"\n") < 2:
        start = max(0, end - _BLOCK)
        file.seek(start)
        tail, end = file.read(end - start) + tail, start
    whole, newline, torn = tail.rpartition(b"\n")
    if not newline:
        return Head(0, FIRST), torn
    found = line(whole.rpartition(b"\n")[2] + newline)
    number = found.event.get("n")
    return Head(number if isinstance(number, int) else 0, found.hash), torn
