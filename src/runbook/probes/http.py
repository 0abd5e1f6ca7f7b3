"""One GET that ends: in time, and before it has filled the memory."""

from __future__ import annotations

import json
import ssl
import time
from contextlib import closing
from functools import cache
from typing import Any, NamedTuple

import httpx

from runbook.probes.look import CouldNotLook
from runbook.words import say

_MOST_BYTES = 1_000_000


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


def _authorities(url: str) -> ssl.SSLContext | bool:
    # Reading them takes a busy machine longer than the whole look.
    return _known_authorities() if url.startswith("https:") else False


@cache
def _known_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


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
    headers = {"Accept-Encoding": "identity"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    # The environment's proxy must not stand between the runbook and what it looks at; a
    # compressed answer could be a small one that becomes a large one.
    with httpx.Client(timeout=limit, trust_env=False, verify=_authorities(url)) as client:
        request = client.build_request(
            "GET" if question is None else "POST", url, headers=headers, json=question
        )
        if at is not None:
            request.extensions["sni_hostname"] = request.url.host
            request.url = request.url.copy_with(host=at[0], port=at[1])
        try:
            response = client.send(request, stream=True)
            with closing(response):
                body = b""
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise CouldNotLook(say("probe.too_long", url=url, limit=_MOST_BYTES))
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("")
                return Answer(response.status_code, body.decode("utf-8", errors="replace"))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Silence(error, connected=False) from error
        except httpx.TransportError as error:
            raise Silence(error, connected=True) from error
