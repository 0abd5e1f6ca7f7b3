"""What the runbook says when it cannot go on, and the exit code it says it with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from runbook.words import say


class Exit(IntEnum):
    """What a script may conclude from how `runbook` ended."""

    PASS = 0
    BROKEN = 1
    BAD_INPUT = 2
    CAUSE_FOUND = 3
    WARNINGS = 4
    INCONCLUSIVE = 5
    INTERRUPTED = 130


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where it stands, what it is, and what was expected instead."""

    where: str
    what: str
    expected: str

    def __str__(self) -> str:
        pause = say("between.pause")
        return f"{self.where}: {self.what}{pause}{self.expected}"


class RunbookError(Exception):
    """A failure that ends a command with a message for a person, never with a traceback."""

    exit_code = Exit.BROKEN


class BadInput(RunbookError):
    """What the person typed cannot be acted on."""

    exit_code = Exit.BAD_INPUT


class BadData(RunbookError):
    """`data/` cannot be trusted; every problem found is listed, not only the first."""

    exit_code = Exit.BAD_INPUT

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
