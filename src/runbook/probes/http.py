"""One GET that ends: in time, and before it has filled the memory."""

from __future__ import annotations

import io
import json
import socket
import ssl
import time
from functools import cache
from http.client import HTTPConnection, HTTPException, IncompleteRead
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import certifi

from runbook.model.target import host_and_port
from runbook.probes.look import CouldNotLook
from runbook.words import say

_MOST_BYTES = 1_000_000
_IN_A_PATH = "/?%:@!$&'()*+,;=~"


class Answer(NamedTuple):
    """The status of an answer and its text, decoded as UTF-8 as far as possible."""

    status: int
    text: str

    def json(self) -> Any:
        """The text as JSON; None where it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


class Silence(Exception):
    """Nobody answered; `connected` tells whether there was anyone to speak to."""

    def __init__(self, error: Exception | str, connected: bool) -> None:
        name = "" if isinstance(error, str) else f"{type(error).__name__}: "
        super().__init__(f"{name}{error}".rstrip(": "))
        self.connected = connected


@cache
def _trusting() -> ssl.SSLContext:
    # Only for who is asked over TLS: reading it takes a busy machine longer than a whole look.
    return ssl.create_default_context(cafile=certifi.where())


def get(url: str, limit: float, at: tuple[str, int] | None = None) -> Answer:
    """The answer to a GET within that many seconds; raises as `ask` does."""
    return ask(url, limit, at=at)


def ask(
    url: str,
    limit: float,
    *,
    at: tuple[str, int] | None = None,
    key: str | None = None,
    question: object = None,
) -> Answer:
    """The answer to a GET, or to a POST of the question as JSON, within that many seconds.

    `at` is where the host of the URL and its port are; `key` is shown as a bearer's.  Raises
    Silence where there was no answer, CouldNotLook where it was too long to be one.
    """
    deadline = time.monotonic() + limit
    parts = urlsplit(url)
    host, port = host_and_port(url)
    # A compressed answer could be a small one that becomes a large one.
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "runbook"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    body = None
    if question is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(question).encode()
    # No proxy of the environment's may stand between the runbook and what it looks at.
    connection = HTTPConnection(host, port)
    try:
        wire = _connected(parts.scheme, host, at or (host, port), deadline)
    except (OSError, ValueError) as error:
        raise Silence(error, connected=False) from error
    with wire:
        connection.sock = _Wire(wire, deadline)
        try:
            path = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe=_IN_A_PATH)
            connection.request("GET" if body is None else "POST", path, body, headers)
            response = connection.getresponse()
            raw = response.read(_MOST_BYTES + 1)
        except (OSError, HTTPException) as error:
            raise Silence(error, connected=True) from error
    if len(raw) > _MOST_BYTES:
        raise CouldNotLook(say("probe.too_long", url=url, limit=_MOST_BYTES))
    if response.length:  # what was promised and has not come
        raise Silence(IncompleteRead(raw, response.length), connected=True)
    return Answer(response.status, raw.decode("utf-8", errors="replace"))


def _connected(scheme: str, name: str, at: tuple[str, int], deadline: float) -> socket.socket:
    wire = socket.create_connection(at, timeout=_left(deadline))
    if scheme != "https":
        return wire
    try:
        wire.settimeout(_left(deadline))
        return _trusting().wrap_socket(wire, server_hostname=name)
    except (OSError, ValueError):
        wire.close()
        raise


class _Wire:
    """A connection as http.client wants it, all of whose reads end at one deadline."""

    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self._wire, self._deadline = wire, deadline
        self.sendall = wire.sendall

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reads(self._wire, self._deadline))

    def close(self) -> None:
        pass  # what is still being read is closed by who opened it


class _Reads(io.RawIOBase):
    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self._wire, self._deadline = wire, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._wire.settimeout(_left(self._deadline))
        return self._wire.recv_into(buffer)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
