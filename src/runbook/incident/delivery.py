"""A message out to the channels, each by itself: one that fails holds up no other."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import apprise

from runbook.errors import BadInput
from runbook.model import Channel
from runbook.model.event import Delivery
from runbook.redact import Redactor
from runbook.words import listed, say

_TRIES = 3
_PAUSE = 1.0  # seconds before the second try; twice as long before the third
_LONGEST_ANSWER = 300


def addresses(channels: Mapping[str, Channel], wanted: tuple[str, ...]) -> dict[str, str]:
    """The address of each wanted channel, from the environment; of all that have one if none is.

    Raises BadInput for a channel nobody knows, one without an address, or where none has one.
    """
    for name in wanted:
        if name not in channels:
            known = listed(channels)
            raise BadInput(say("notify.no_channel", name=ascii(name), known=known))
        if not os.environ.get(channels[name].env):
            raise BadInput(say("notify.no_address", name=name, env=channels[name].env))
    found = {
        name: os.environ[one.env]
        for name, one in channels.items()
        if os.environ.get(one.env) and (not wanted or name in wanted)
    }
    if not found:
        raise BadInput(say("notify.none", known=listed(one.env for one in channels.values())))
    return found


def deliver(
    title: str,
    text: str,
    channels: Mapping[str, Channel],
    to: Mapping[str, str],
    redactor: Redactor,
) -> tuple[Delivery, ...]:
    """The message to every address at once, with what each answered."""
    with ThreadPoolExecutor(max_workers=len(to)) as threads:
        sent = [
            threads.submit(_sent, name, channels[name].title, address, title, text, redactor)
            for name, address in to.items()
        ]
        return tuple(one.result() for one in sent)


def _sent(
    name: str, called: str, address: str, title: str, text: str, redactor: Redactor
) -> Delivery:
    service = _service(address)
    if service is None:
        answer = say("notify.bad_address")
        return Delivery(channel=name, title=called, taken=False, tries=0, answer=answer)
    answer, taken, tries = "", False, 0
    while not taken and tries < _TRIES:
        if tries:
            time.sleep(_PAUSE * tries)
        tries += 1
        with _Overheard() as overheard:
            taken = bool(
                service.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT)
            )
        answer = overheard.last
    clean = redactor.text(answer.replace(address, name), detector=True)[:_LONGEST_ANSWER]
    clean = clean or say("notify.taken" if taken else "notify.refused")
    return Delivery(channel=name, title=called, taken=taken, tries=tries, answer=clean)


def _service(address: str) -> apprise.Apprise | None:
    """What sends there; an address of the web that is no service's own is sent JSON."""
    for one in (address, address.replace("http", "json", 1)):
        service = apprise.Apprise()
        if service.add(one):
            return service
        if not address.startswith(("http://", "https://")):
            break
    return None


class _Overheard(logging.Handler):
    """What apprise says in this thread while it sends: it gives no other answer."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._thread = threading.get_ident()
        self._logger = logging.getLogger("apprise")
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the last warning, or else the last word."""
        if record.thread == self._thread and record.levelno >= logging.INFO:
            self.last = record.getMessage()

    def __enter__(self) -> _Overheard:
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
