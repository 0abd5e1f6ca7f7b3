"""An edition in another language: its texts laid over the data, which stands once.

`data/<language>/<file>` holds the texts that read differently, each in its place; numbers,
phones, commands and names stay those of the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from runbook.catalog.strict_yaml import Document, Place, read
from runbook.errors import Problem
from runbook.words import HOUSE, language, say


def read_edition(path: Path, data: Path, root: Path) -> Document:
    """The file below `data` in the language of this process."""
    document = read(path, path.relative_to(root).as_posix())
    file = data / language() / path.relative_to(data)
    if language() == HOUSE or not file.is_file():
        return document
    texts = read(file, file.relative_to(root).as_posix())
    problems = (*document.problems, *texts.problems, *_misplaced(texts, document.value))
    value = _laid_over(document.value, texts.value)
    return replace(document, value=value, problems=problems)


def _laid_over(value: Any, texts: Any) -> Any:
    if isinstance(value, dict) and isinstance(texts, dict):
        return {key: _laid_over(item, texts.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(texts, list):
        more = [*texts, *[None] * (len(value) - len(texts))]
        return [_laid_over(item, text) for item, text in zip(value, more, strict=False)]
    return texts if isinstance(value, str) and isinstance(texts, str) else value


def _misplaced(texts: Document, value: Any) -> Iterator[Problem]:
    """Whatever in the texts stands in the place of nothing, or of no text."""

    def walk(text: Any, original: Any, place: Place) -> Iterator[Problem]:
        if isinstance(text, dict) and isinstance(original, dict):
            for key, item in text.items():
                yield from walk(item, original.get(key), (*place, key))
        elif isinstance(text, list) and isinstance(original, list) and len(text) <= len(original):
            for at, (item, other) in enumerate(zip(text, original, strict=False)):
                yield from walk(item, other, (*place, at))
        elif text is not None and not (isinstance(text, str) and isinstance(original, str)):
            yield Problem(texts.where(place), say("yaml.no_such_text"), say("yaml.expected_text"))

    return walk(texts.value, value, ())
