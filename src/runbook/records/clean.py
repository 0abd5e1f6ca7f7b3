"""HTML out of a notebook, without what runs, loads, leads away or pretends to be the page."""

from __future__ import annotations

import re
from html import escape

import nh3

_TEXT = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt"),
    *("em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd"),
    *("li", "mark", "ol", "p", "pre", "s", "samp", "section", "small", "span", "strong", "sub"),
    *("summary", "sup", "time", "u", "ul", "var"),
}
_TABLE = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
# Shapes only: no style, no use, no foreignObject, nothing that refers to something else.
_DRAWING = {"circle", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text", "tspan"}
_SHAPE = {
    *("cx", "cy", "d", "dx", "dy", "fill", "fill-opacity", "font-size", "height", "opacity"),
    *("points", "r", "rx", "ry", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-width"),
    *("text-anchor", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"),
}
_ATTRIBUTES = {
    "*": {"class", "title"},
    "img": {"alt", "src", "width", "height"},
    "ol": {"start"},
    "details": {"open"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "time": {"datetime"},
    "svg": {"viewBox", "width", "height", "role", "aria-label"},
    **dict.fromkeys(_DRAWING - {"svg"}, _SHAPE),
}


_TAG = re.compile(r"<(/?)(?!(?:br|col|hr|img)\b)[a-z]")
_DEEPEST = 100  # one in another; thousands keep a browser busy for minutes


def clean(html: str) -> str:
    """The HTML with its words, tables, classes and drawings, and nothing else.

    Shown as it is written where elements stand in each other deeper than any of ours.
    """
    cleaned = _CLEANER.clean(html)
    depth = deepest = 0
    for tag in _TAG.finditer(cleaned):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return cleaned if deepest <= _DEEPEST else f"<pre>{escape(html)}</pre>"


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if value.startswith("data:image/") else None
    if tag in _DRAWING and "url(" in value.lower():
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TEXT | _TABLE | _DRAWING,
    clean_content_tags={"script", "style", "iframe", "object", "template", "noscript"},
    attributes=_ATTRIBUTES,
    attribute_filter=_harmless,
    url_schemes={"data"},
    link_rel=None,  # no address is left that it could speak of
)
