"""YAML as people believe it is: text stays text, no key is lost, every value knows its line.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so
`10:00`, `on` and `2026-11-23` are text, as is everything quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.composer import Composer
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from runbook.errors import Problem
from runbook.words import say

Place = tuple[str | int, ...]

_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_LONGEST_NUMBER = 20  # digits; whatever is longer is no number of ours
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Document:
    """One file as plain values, and where each of them stands."""

    name: str
    value: Any
    marks: dict[Place, tuple[int, int]]
    problems: tuple[Problem, ...]

    def where(self, place: Place) -> str:
        """`file:line:col` of the value at `place`, or of the nearest one around it."""
        while place and place not in self.marks:
            place = place[:-1]
        line, column = self.marks.get(place, (1, 1))
        return f"{self.name}:{line}:{column}"

    def changed(
        self, dropped: Collection[Place], instead: Mapping[Place, Any]
    ) -> tuple[Document, frozenset[str]]:
        """The document with other values and without what is dropped, and every text that went.

        What is left keeps its marks, also where an earlier item of its list went.
        """
        marks: dict[Place, tuple[int, int]] = {}
        lost: set[str] = set()

        def kept(value: Any, old: Place, new: Place) -> Any:
            if old in self.marks:
                marks[new] = self.marks[old]
            if old in instead:
                lost.update(_texts(value), _texts(instead[old]))
                return instead[old]
            if not isinstance(value, dict | list):
                return value
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            left = [(key, item) for key, item in entries if (*old, key) not in dropped]
            lost.update(
                *(_texts({str(key): item}) for key, item in entries if (*old, key) in dropped)
            )
            if isinstance(value, dict):
                return {key: kept(item, (*old, key), (*new, key)) for key, item in left}
            return [kept(item, (*old, at), (*new, index)) for index, (at, item) in enumerate(left)]

        value = kept(self.value, (), ())
        return replace(self, value=value, marks=marks), frozenset(lost)


def _texts(value: Any) -> Iterator[str]:
    """Every key and every text in the value."""
    if isinstance(value, dict):
        yield from value
    elif isinstance(value, str):
        yield value
    inner = value.values() if isinstance(value, dict) else value
    for item in inner if isinstance(value, dict | list) else ():
        yield from _texts(item)


class _Untyped(CParser):
    """libyaml's nodes, put together without tags, twenty times as fast as Python's."""

    # What a scalar is, _scalar says.
    def descend_resolver(self, *_: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass

    def resolve(self, *_: Any) -> None:
        pass


class _Strict(Composer, _Untyped):
    """As that, without aliases: one hides where a value comes from, and a few fill the memory."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = cast(yaml.AliasEvent, self.peek_event()).start_mark
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=mark)  # type: ignore[arg-type]
        return super().compose_node(parent, index)


def read(path: Path, name: str) -> Document:
    """The document in the file; what is not YAML, or not strict, is in its `problems`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problem = Problem(name, say("yaml.missing_file"), say("yaml.expected_file"))
        return Document(name, None, {}, (problem,))
    except OSError as error:
        problem = Problem(
            name, say("yaml.unreadable", why=error.strerror), say("yaml.expected_file")
        )
        return Document(name, None, {}, (problem,))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problem = Problem(f"{name}:{line}:1", say("yaml.not_utf8"), say("yaml.expected_utf8"))
        return Document(name, None, {}, (problem,))
    return parsed(text, name)


def parsed(text: str, name: str) -> Document:
    """The document in the text, which is called by that name."""
    try:
        # An alias begins with an asterisk, and few files have any.
        node = (_Strict if "*" in text else _Untyped)(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        return Document(name, None, {}, (_broken(name, error),))
    except (yaml.YAMLError, RecursionError) as error:
        problem = Problem(f"{name}:1:1", say("yaml.broken", detail=error), say("yaml.expected"))
        return Document(name, None, {}, (problem,))
    marks: dict[Place, tuple[int, int]] = {}
    problems: list[Problem] = []
    value = None if node is None else _value(node, (), name, marks, problems)
    return Document(name, value, marks, tuple(problems))


def _broken(name: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else f"{name}:1:1"
    if error.problem == "alias":
        return Problem(where, say("yaml.alias"), say("yaml.expected_no_alias"))
    return Problem(where, say("yaml.broken", detail=error.problem), say("yaml.expected"))


def _value(
    node: yaml.Node,
    place: Place,
    name: str,
    marks: dict[Place, tuple[int, int]],
    problems: list[Problem],
) -> Any:
    marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*place, index), name, marks, problems)
            for index, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, mark, item in _entries(node):
            problems += _unseen(key, mark, name)
            if key in mapping:
                first = marks[(*place, key)][0]
                problems.append(
                    Problem(
                        f"{name}:{mark.line + 1}:{mark.column + 1}",
                        say("yaml.duplicate", key=key, line=first),
                        say("yaml.expected_once"),
                    )
                )
                continue
            marks[(*place, key)] = (mark.line + 1, mark.column + 1)
            mapping[key] = _value(item, (*place, key), name, marks, problems)
            if mapping[key] is None:
                where = f"{name}:{mark.line + 1}:{mark.column + 1}"
                problems.append(Problem(where, say("yaml.empty", key=key), say("yaml.no_empty")))
        return mapping
    scalar = cast(yaml.ScalarNode, node)
    problems += _unseen(scalar.value, node.start_mark, name)
    return _scalar(scalar)


def _unseen(text: str, mark: yaml.Mark, name: str) -> Iterator[Problem]:
    """Characters nobody sees: two texts that look the same would not be."""
    if text.isprintable():
        return
    for character in dict.fromkeys(text):
        # The joiner inside one emoji is seen as the emoji.
        if unicodedata.category(character) == "Cf" and character != "\u200d":
            what = say("yaml.unseen", code=f"U+{ord(character):04X}")
            yield Problem(f"{name}:{mark.line + 1}:{mark.column + 1}", what, say("yaml.no_unseen"))


def _entries(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Mark, yaml.Node]]:
    for key, item in node.value:
        yield str(getattr(key, "value", key)), key.start_mark, item


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:  # quoted, or a block
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INT.fullmatch(text) and len(text) <= _LONGEST_NUMBER:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
