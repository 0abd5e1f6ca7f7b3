"""Every sentence the programs say, kept in one file a language beside the code that says it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from importlib import resources

Say = Callable[..., str]
HOUSE = "zh"


def words_of(package: str) -> Say:
    """A function from a key and its facts to the sentence, in the language of RUNBOOK_LANG.

    The sentences stand in `<package>/<language>.toml` as `table.key`.  Chinese is the language of
    the house: what another has no sentence for is said in it.  Raises KeyError for a key nobody
    wrote: a test walks them all.
    """

    def say(key: str, /, **facts: object) -> str:
        table, _, name = key.partition(".")
        return _sentences(package)[table][name].format(**facts)

    return say


def language() -> str:
    """The language of this process: RUNBOOK_LANG, or that of the house."""
    return os.environ.get("RUNBOOK_LANG") or HOUSE


@cache
def _sentences(package: str) -> dict[str, dict[str, str]]:
    sentences = _file(package, HOUSE)
    for table, more in _file(package, language()).items():
        sentences[table] = {**sentences.get(table, {}), **more}
    return sentences


def _file(package: str, name: str) -> dict[str, dict[str, str]]:
    file = resources.files(package) / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


say = words_of("runbook.words")


def listed(items: Iterable[str]) -> str:
    """The items in one text, with what stands between them in a list."""
    return say("between.item").join(items)


def brief(text: str, most: int) -> str:
    """The text on one line of `most` characters; Chinese and JSON have no spaces to be cut at."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 2]} …"


def nearest(name: str, known: Iterable[str]) -> str:
    """`（是不是想写 x？）` where a known name is close to the one given; empty otherwise."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return say("data.nearest", name=close[0]) if close else ""
