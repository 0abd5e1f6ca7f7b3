"""The `case` statements of a shell script: which words each tells apart, and which it refuses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

_HEAD = re.compile(r"\bcase\s+(\S+|\"[^\"]*\")\s+in\b")
_BRANCH = re.compile(r"^\s*\(?\s*([^()]*?)\s*\)(.*)$")
_REFUSAL = re.compile(r"\b(?:usage|exit|fail|die|abort|error|return)\b|>&2")


@dataclass
class Case:
    """One statement: its branches as the words of each, and whether all others are refused."""

    branches: list[tuple[str, ...]] = field(default_factory=list)
    refuses: bool = False

    def lists(self, word: str) -> bool:
        """Whether a branch other than the last resort takes the word."""
        return any(_takes(pattern, word) for branch in self.branches for pattern in branch)


def cases_in(code: str) -> tuple[Case, ...]:
    """Every statement of the code, those inside others too."""
    return tuple(_parsed(_one_a_line(code)))


def refused(word: str, siblings: Collection[str], cases: Collection[Case]) -> bool:
    """Whether a statement that tells its siblings apart does not know the word.

    One that refuses what it does not know must know it; one that does not, only where the word
    stands in one branch with a sibling elsewhere: what is taken together must be told apart.
    """
    together = {
        other
        for case in cases
        for branch in case.branches
        if word in branch
        for other in branch
        if other != word
    }
    for case in cases:
        if not case.lists(word):
            beside = [one for one in siblings if case.lists(one)]
            if beside and (case.refuses or together.intersection(beside)):
                return True
    return False


def _one_a_line(code: str) -> list[str]:
    text = _HEAD.sub("\ncase in\n", code)
    text = re.sub(r";;&?|;&", "\n;;\n", text)
    return re.sub(r"(?m)(^|\s)esac\b", r"\1\nesac\n", text).splitlines()


def _parsed(lines: list[str]) -> Iterator[Case]:
    standing: list[Case] = []
    expecting, resort = False, False
    for line in lines:
        if line == "case in":
            standing.append(Case())
            expecting, resort = True, False
        elif line == "esac" and standing:
            yield standing.pop()
            expecting, resort = False, False
        elif line == ";;" and standing:
            expecting, resort = True, False
        elif standing and expecting and (match := _BRANCH.match(line)):
            words = tuple(one.strip().strip("'\"") for one in match[1].split("|"))
            resort = words == ("*",)
            if not resort:
                standing[-1].branches.append(words)
            standing[-1].refuses |= resort and bool(_REFUSAL.search(match[2]))
            expecting = False
        elif standing and resort:
            standing[-1].refuses |= bool(_REFUSAL.search(line))


def _takes(pattern: str, word: str) -> bool:
    plain = pattern.removesuffix("*").removesuffix("=")
    return word == plain or (pattern not in ("*", "-*", "--*") and fnmatchcase(word, pattern))
