"""What many targets have in common is looked at once for all of them, or by few at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, Semaphore
from typing import Generic, TypeVar

Found = TypeVar("Found")
_PATIENCE = 0.5  # seconds
_many = False


@contextmanager
def among_many() -> Iterator[None]:
    """Meanwhile this process looks at many targets, side by side.

    A hundred tenants behind one edge are no reason to knock there a hundred times as often.  Who
    looks at one target shares nothing: who has just acted wants to see what that did.
    """
    global _many
    _many = True
    try:
        yield
    finally:
        _many = False


class Shared(Generic[Found]):
    """Answers by what was asked: who asks the same shortly after is told the same.

    An answer is good for so many seconds, from when it was asked: `of_one` to who looks at one
    target, `of_many` to who looks at many.
    """

    def __init__(self, of_one: float = 0.0, of_many: float = 2.0) -> None:
        self._of_one, self._of_many = of_one, of_many
        self._answers: dict[Hashable, tuple[float, Future[Found]]] = {}
        self._turn = Lock()

    def get(self, asked: Hashable, ask: Callable[[], Found]) -> Found:
        """The answer to what is asked, or what `ask` raises."""
        good_for = self._of_many if _many else self._of_one
        if not good_for:
            return ask()
        with self._turn:
            now = time.monotonic()
            known = self._answers.get(asked)
            if fresh := known is None or known[0] + good_for <= now:
                known = self._answers[asked] = now, Future()
            _, answer = known
        if fresh:
            try:
                answer.set_result(ask())
            except Exception as error:
                answer.set_exception(error)
        return answer.result()


class Turns:
    """Of a place that many targets have in common, where each must look for itself.

    There only `at_once` look at the same time, so that it is not us whom they find there.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._gates: dict[Hashable, Semaphore] = {}
        self._lock = Lock()

    @contextmanager
    def turn(self, place: Hashable) -> Iterator[None]:
        """Meanwhile it is our turn.

        Who has waited a while goes in all the same: where the first hang, so will the others.
        """
        if not _many:
            yield
            return
        with self._lock:
            gate = self._gates.setdefault(place, Semaphore(self._at_once))
        ours = gate.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            if ours:
                gate.release()
