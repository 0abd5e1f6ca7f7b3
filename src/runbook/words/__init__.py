"""Every sentence the programs say, kept in one file a language beside the code that says it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from importlib import resources

Say = Callable[..., str]


def words_of(package: str) -> Say:
    """A function from a key and its facts to the sentence, in the language of RUNBOOK_LANG.

    The sentences stand in `<package>/<language>.toml` as `table.key`; Chinese (`zh`) is the
    language of the house.  Raises KeyError for a key nobody wrote: a test walks them all.
    """

    def say(key: str, /, **facts: object) -> str:
        table, _, name = key.partition(".")
        return _sentences(package)[table][name].format(**facts)

    return say


@cache
def _sentences(package: str) -> dict[str, dict[str, str]]:
    language = os.environ.get("RUNBOOK_LANG", "zh")
    folder = resources.files(package)
    file = folder / f"{language}.toml"
    if not file.is_file():
        file = folder / "zh.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


say = words_of("runbook.words")


def nearest(name: str, known: Iterable[str]) -> str:
    """`（是不是想写 x？）` where a known name is close to the one given; empty otherwise."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return say("data.nearest", name=close[0]) if close else ""
