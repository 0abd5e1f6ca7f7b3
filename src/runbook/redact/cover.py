"""What is hidden of a text: stretches of it, none over another."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable

_LEAST = 4  # characters; what is left between two hidden stretches tells nothing if it is shorter


class Cover:
    """The stretches of a text that are hidden; those in `kept` are tokens already."""

    def __init__(self, text: str, kept: Iterable[tuple[int, int]] = ()) -> None:
        self._text = text
        self._hidden: list[tuple[int, int, str | None]] = [(*one, None) for one in kept]

    @property
    def secrets(self) -> frozenset[str]:
        """What was hidden so far."""
        return frozenset(secret for _, _, secret in self._hidden if secret)

    def hide(self, begin: int, end: int, secret: str) -> None:
        """Hide that stretch, which is the secret; where parts of it are hidden, only the rest."""
        at, pieces = begin, []
        for first, last, _ in self._touching(begin, end):
            if at < first:
                pieces.append((at, first))
            at = max(at, last)
        if at < end:
            pieces.append((at, end))
        if pieces == [(begin, end)]:
            if secret.strip():
                insort(self._hidden, (begin, end, secret))
            return
        for first, last in pieces:
            rest = self._text[first:last]
            if sum(map(str.isalnum, rest)) >= _LEAST:
                insort(self._hidden, (first, last, rest))

    def told(self, token: Callable[[str], str]) -> str:
        """The text with a token for each secret."""
        if not any(secret for _, _, secret in self._hidden):
            return self._text
        said: list[str] = []
        at = 0
        for begin, end, secret in self._hidden:
            said += self._text[at:begin], self._text[begin:end] if secret is None else token(secret)
            at = end
        return "".join(said) + self._text[at:]

    def _touching(self, begin: int, end: int) -> list[tuple[int, int, str | None]]:
        first = bisect_right(self._hidden, begin, key=lambda one: one[1])
        last = bisect_right(self._hidden, end - 1, key=lambda one: one[0])
        return self._hidden[first:last]
