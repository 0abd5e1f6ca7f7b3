"""The few pieces of HTML every page is made of; whatever is put into them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from runbook.model.people import e164
from runbook.words import say

Cell = str | Markup


def join(parts: Iterable[Cell], between: Cell = "") -> Markup:
    """The parts one after the other, each escaped unless it is HTML already."""
    return escape(between).join(escape(part) for part in parts)


_UNSEARCHED = Markup(" data-search-exclude")
"""What is told to the search in another way is not found here too."""


def table(
    kind: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, searched: bool = True
) -> Markup:
    """A table whose cells know their head, so that a phone can show each row as a card.

    Where it is wider than the page it scrolls in a box, which the keyboard reaches too.
    """
    # The line ends keep the search from taking two cells for one word.
    head = join(Markup("<th scope=col>{}</th>\n").format(say(f"page.{name}")) for name in heads)
    body = join(
        Markup("<tr>{}</tr>").format(
            join(
                Markup('<td data-label="{}">{}</td>\n').format(say(f"page.{name}"), cell)
                for name, cell in zip(heads, row, strict=True)
            )
        )
        for row in rows
    )
    return Markup(
        '<div class="rb-scroll" tabindex="0"><table class="rb-table rb-{}"{}>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(kind, "" if searched else _UNSEARCHED, head, body)


def command(text: str) -> Markup:
    """Something to type, as a block that can be copied whole."""
    words = (
        Markup('<span class="rb-word">{}</span>').format(word) if word.startswith("-") else word
        for word in text.strip().split(" ")
    )
    # A line that broke inside `--target` would be typed wrongly.
    return Markup('<pre class="rb-command"><code>{}</code></pre>').format(join(words, " "))


def level(name: str) -> Markup:
    """The name of a severity in its colour."""
    return Markup('<span class="rb-level rb-level-{}">{}</span>').format(name.lower(), name)


def phone(number: str) -> Markup:
    """A number that a phone dials."""
    return Markup('<a class="rb-phone" href="tel:{}">{}</a>').format(e164(number), number)


def mail(address: str) -> Markup:
    """An address that a tap writes to."""
    return Markup('<a href="mailto:{0}">{0}</a>').format(address)


def items(pairs: Iterable[tuple[Cell, Cell]], *, searched: bool = True) -> Markup:
    """Short names, each beside what is to be said of it."""
    # The line ends keep the search from taking two parts for one word.
    rows = join(Markup("<div><dt>{}</dt>\n<dd>{}</dd></div>\n").format(*pair) for pair in pairs)
    return Markup('<dl class="rb-items"{}>{}</dl>').format("" if searched else _UNSEARCHED, rows)
