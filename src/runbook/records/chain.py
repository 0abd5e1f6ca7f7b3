"""What is wrong with the lines of a log and between them, each flaw with the line it is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from runbook.records.log import EVENTS, FIRST, Head, Line
from runbook.words import say

How = Literal["changed", "removed", "reordered", "truncated", "added", "unsigned"]


@dataclass(frozen=True)
class Flaw:
    """Something that is not as it was left: where, how, and in one sentence."""

    where: str
    how: How
    what: str


def flaws_of(log: Sequence[Line]) -> Iterator[Flaw]:
    """Every flaw of the chain; there is one wherever a line is not as it was written."""
    place_of = {line.hash: line.place for line in reversed(log)}
    numbers = Counter(line.event["n"] for line in log if _is_link(line))
    last, between = Head(0, FIRST), list[Line]()
    for line in log:
        if not _is_link(line):
            between.append(line)
            continue
        number, previous = line.event["n"], line.event["previous"]
        follows = previous == last.hash
        yield from _dishonest(between, "added" if follows else "changed")
        if not follows and not (between and number == last.n + len(between) + 1):
            if place_of[line.hash] != line.place:
                yield line_flaw(line.place, "added", say("verify.line_twice", number=number))
                continue
            if previous not in place_of:
                missing = span(last.n + 1, number - 1)
                yield line_flaw(line.place, "removed", say("verify.line_missing", numbers=missing))
            elif numbers[last.n] > 1:
                twice = say("verify.line_twice", number=last.n)
                yield line_flaw(line.place - 1, "added", twice)
            else:
                moved = say("verify.line_moved", number=number)
                yield line_flaw(line.place, "reordered", moved)
        last, between = Head(number, line.hash), []
    yield from _dishonest(between, "changed")


def line_flaw(place: int, how: How, what: str) -> Flaw:
    """A flaw of the line at that place."""
    return Flaw(f"{EVENTS}:{place}", how, what)


def span(first: int, last: int) -> str:
    """The numbers from the first to the last, as one word."""
    return f"{first}-{last}" if first < last else f"{first}"


def _is_link(line: Line) -> bool:
    """Whether the line is as somebody wrote it, and says where in the chain it stands."""
    number, previous = line.event.get("n"), line.event.get("previous")
    return line.honest and isinstance(number, int) and isinstance(previous, str)


def _dishonest(found: list[Line], how: How) -> Iterator[Flaw]:
    for line in found:
        torn: How = how if line.raw.endswith(b"\n") else "truncated"
        yield line_flaw(line.place, torn, say(f"verify.line_{torn}"))
