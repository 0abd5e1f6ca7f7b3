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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from runbook.errors import RunbookError
from runbook.words import say

EVENTS = "events.jsonl"
FIRST = "0" * 64
_BEGIN, _AFTER = b'{"hash": "', b'", '
_HASH = slice(len(_BEGIN), len(_BEGIN) + 64)
_BODY = _HASH.stop + len(_AFTER)
_BLOCK = 8 * 1024


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


@contextmanager
def locked(folder: Path) -> Iterator[Log]:
    """The log of the folder, for one writer at a time; raises RunbookError where none can be.

    The lock is flock's.  Over NFS Linux turns it into a lock at the server, so that machines that
    share a disk wait for each other too.  A mount with `nolock`, and most of FUSE, keeps it to
    itself: there one machine may write over the line of another, unseen.
    """
    try:
        # Unbuffered: what a full disk refused must not be tried again when the file is closed.
        with (folder / EVENTS).open("ab+", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield Log(file)
    except OSError as error:
        raise RunbookError(
            say("record.not_writable", folder=folder, detail=error.strerror)
        ) from error


def append(folder: Path, event: Mapping[str, Any]) -> Head:
    """One more line, whole or not there; however many processes append at once, none is lost.

    Raises RunbookError where it cannot be written.
    """
    with locked(folder) as log:
        return log.append(event)


def drop_empty(folder: Path) -> None:
    """The folder is gone where its log has no line, and nothing else stands in it."""
    with suppress(OSError):
        if (folder / EVENTS).stat().st_size == 0:
            (folder / EVENTS).unlink()
    with suppress(OSError):
        folder.rmdir()


class Log:
    """The log of an incident in the hands of its one writer."""

    def __init__(self, file: FileIO) -> None:
        self._file = file

    def append(self, event: Mapping[str, Any]) -> Head:
        """One more line, whole or not there.

        What a writer that died has left of a line is cut off, and kept as an event of its own.
        """
        last, torn = _ending(self._file)
        if torn:
            self._file.truncate(self._file.seek(0, os.SEEK_END) - len(torn))
            left = torn.decode("utf-8", "replace")
            last = self._write(last, {"event": "torn", "at": event["at"], "left": left})
        return self._write(last, event)

    def lines(self) -> Iterator[Line]:
        """Every line: whoever holds the log would wait for himself in `lines`."""
        self._file.seek(0)
        return (line(raw, place) for place, raw in enumerate(self._file.readlines(), 1))

    def tells_of(self, record: str) -> bool:
        """Whether a run of that record has begun."""
        self._file.seek(0)
        return f'"record": "{record}"'.encode() in self._file.readall()

    def _write(self, last: Head, event: Mapping[str, Any]) -> Head:
        number = last.n + 1
        raw = sealed({"n": number, "previous": last.hash, **event}) + b"\n"
        before, rest = self._file.seek(0, os.SEEK_END), memoryview(raw)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except BaseException:
            # A full disk takes half of a line; so may who says stop.
            self._file.truncate(before)
            raise
        return Head(number, carried(raw))


def sealed(facts: Mapping[str, Any]) -> bytes:
    """The facts as one line that carries its hash."""
    body = json.dumps(facts, ensure_ascii=False)[1:].encode()
    return _BEGIN + hashlib.sha256(body).hexdigest().encode() + _AFTER + body


def raw_lines(folder: Path) -> list[bytes]:
    """Every line of the log as it stands, with its end; none where there is no log.

    Nobody is in the middle of writing one: a line without an end was left by who died.
    """
    file = folder / EVENTS
    if not file.is_file():
        return []
    with file.open("rb") as stream:
        with suppress(OSError):  # a disk that knows no locks can still be read
            fcntl.flock(stream, fcntl.LOCK_SH)
        return stream.readlines()


def lines(folder: Path) -> Iterator[Line]:
    """Every line of the log, also those that are not as they were; none where there is no log."""
    return (line(raw, place) for place, raw in enumerate(raw_lines(folder), 1))


def unbroken(raws: Iterable[bytes]) -> bool:
    """Whether every line is as it was written and follows the one before.

    The quick answer for what nobody touched: hashes alone, without reading what the lines say.
    """
    number, last = 0, FIRST.encode()
    for number, raw in enumerate(raws, 1):
        before, last = last, raw[_HASH]
        if not (
            hashlib.sha256(raw[_BODY:-1]).hexdigest().encode() == last
            and raw.startswith(_BEGIN)
            and raw.startswith(_AFTER + b'"n": %d, "previous": "%b"' % (number, before), _HASH.stop)
            and raw.endswith(b"\n")
        ):
            return False
    return number > 0


def carried(raw: bytes) -> str:
    """The hash the line carries, be it its own or not."""
    return raw[_HASH].decode("ascii", "replace")


def line(raw: bytes, place: int = 1) -> Line:
    """The line as it stands; what cannot be read is an empty event that is not honest."""
    body, own = raw.removesuffix(b"\n")[_BODY:], carried(raw)
    whole = raw.startswith(_BEGIN) and raw.startswith(_AFTER, _HASH.stop)
    honest = whole and raw.endswith(b"\n") and hashlib.sha256(body).hexdigest() == own
    try:
        event = json.loads(b"{" + body)
    except (ValueError, RecursionError):
        event = {}
    return Line(place, raw, own, honest, event if isinstance(event, dict) else {})


def head(folder: Path) -> Head:
    """The last line of the log; number 0 where there is none."""
    file = folder / EVENTS
    if not file.is_file():
        return Head(0, FIRST)
    with file.open("rb") as stream:
        return _ending(stream)[0]


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
