"""One text in other spellings: what is coloured, escaped or encoded in it can be read too."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

_DEPTH = 3  # JSON in JSON in JSON
_SPELLED = re.compile(
    r"(?P<colour>\x1b\[[0-9;?]*[A-Za-z])"
    r"|(?P<cell></t[hd]>(?:\s|\\n)*<t[hd][^<>]*>)|(?P<tag></?[A-Za-z][^<>]{0,200}>)"
    r"|(?P<entity>&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,6});)"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+)"
    r"|(?P<unicode>(?:\\u[0-9A-Fa-f]{4})+)"
    r"|\\(?P<mark>[nrt\"'/\\])"
)
_OTHERWISE = "\x1b<&%\\"  # without one of these nothing is spelled in another way
_MARKS = {"n": "\n", "r": "\n", "t": "\t"}
_LINE_BREAK = re.compile(r"[ \t\r]*\n[ \t|│]*")


@dataclass(frozen=True)
class View:
    """A spelling of a text; its character `n` stands from `begins[n]` to `ends[n]` there."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    def there(self, begin: int, end: int) -> tuple[int, int]:
        """Where in the text this stretch of the view is."""
        return self.begins[begin], self.ends[end - 1]


def views(text: str) -> Iterator[View]:
    """The text itself, then as often as there is something to decode, decoded once more."""
    view: View | None = View(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(_DEPTH + 1):
        if view is None:
            return
        yield view
        view = _rewritten(view, _SPELLED) if _may_be_spelled(view.text) else None


def is_spelled_out(text: str) -> bool:
    """Whether the text can be read in no other way, and no line of it is broken."""
    return "\n" not in text and not _may_be_spelled(text)


def _may_be_spelled(text: str) -> bool:
    return any(one in text for one in _OTHERWISE)


def unwrapped(text: str) -> View | None:
    """The text as if no line had been broken; None where none is."""
    whole = View(text, range(len(text)), range(1, len(text) + 1))
    return _rewritten(whole, _LINE_BREAK) if "\n" in text else None


def decoded(run: str) -> str | None:
    """The text that this is in base64; None where it is none."""
    try:
        padded = run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)
        text = base64.b64decode(padded.translate(_STANDARD), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return text if text.isprintable() or not _UNPRINTED.search(text) else None


_STANDARD = str.maketrans("-_", "+/")
_UNPRINTED = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


def _rewritten(view: View, pieces: re.Pattern[str]) -> View | None:
    text: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for piece in pieces.finditer(view.text):
        plain = _plain(piece)
        text += view.text[at : piece.start()], plain
        begins += view.begins[at : piece.start()]
        ends += view.ends[at : piece.start()]
        begin, end = view.there(*piece.span())
        begins += [begin] * len(plain)
        ends += [end] * len(plain)
        at = piece.end()
    if not at:
        return None
    text.append(view.text[at:])
    begins += view.begins[at:]
    ends += view.ends[at:]
    return View("".join(text), begins, ends)


def _plain(piece: re.Match[str]) -> str:
    spelled = piece[0]
    match piece.lastgroup:
        case "cell":
            return ": "
        case "tag":
            return " "
        case "entity":
            return html.unescape(spelled)
        case "percent":
            return unquote(spelled)
        case "bytes":
            return bytes.fromhex(spelled.replace("\\x", "")).decode("utf-8", "replace")
        case "unicode":
            units = bytes.fromhex(spelled.replace("\\u", ""))
            return units.decode("utf-16-be", "replace")
        case "mark":
            return _MARKS.get(piece["mark"], piece["mark"])
        case _:
            return ""
