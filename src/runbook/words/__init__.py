"""Every sentence the programs say, kept in one file a language beside the code that says it."""

from __future__ import annotations

import io
import os
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.machinery import ModuleSpec

Say = Callable[..., str]
HOUSE = "zh"

_HEAD = re.compile(r"^\[([a-z_]+)\]$", re.M)


def words_of(package: ModuleSpec) -> Say:
    """A function from a key and its facts to the sentence, in the language of RUNBOOK_LANG.

    The sentences stand in `<package>/<language>.toml` as `table.key`.  Chinese is the language of
    the house: what another has no sentence for is said in it.  Raises KeyError for a key nobody
    wrote: a test walks them all.
    """

    folder = (package.submodule_search_locations or [""])[0]

    def say(key: str, /, **facts: object) -> str:
        table, _, name = key.partition(".")
        return sentences(folder, table)[name].format(**facts)

    return say


def language() -> str:
    """The language of this process: RUNBOOK_LANG, or that of the house."""
    return os.environ.get("RUNBOOK_LANG") or HOUSE


@cache
def sentences(folder: str, table: str) -> dict[str, str]:
    """The sentences of that table in the language of this process; raises KeyError for none."""
    house, ours = (_tables(f"{folder}/{name}.toml") for name in (HOUSE, language()))
    texts = [text for text in (house.get(table), ours.get(table)) if text is not None]
    if not texts:
        raise KeyError(table)
    return {name: words for text in texts for name, words in tomllib.loads(text).items()}


@cache
def _tables(file: str) -> dict[str, str]:
    """The text of each table of the file: whoever says one sentence need not read all of them."""
    try:
        # Not by pathlib: to import it takes longer than to read the words.
        with io.open_code(file) as opened:
            text = opened.read().decode()
    except FileNotFoundError:
        return {}
    _, *parts = _HEAD.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


say = words_of(__spec__)


def listed(items: Iterable[str]) -> str:
    """The items in one text, with what stands between them in a list."""
    return say("between.item").join(items)


def brief(text: str, most: int) -> str:
    """The text on one line of `most` characters; Chinese and JSON have no spaces to be cut at."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 2]} …"


def nearest(name: str, known: Iterable[str]) -> str:
    """`（是不是想写 x？）` where a known name is close to the one given; empty otherwise."""
    # Only who mistypes waits for it.
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return say("data.nearest", name=close[0]) if close else ""
