"""What the pages of a built site refer to, and whether it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADDRESSES = frozenset({"href", "src", "action", "data", "poster", "xlink:href"})
_ELSEWHERE = frozenset({"mailto", "tel", "data", "sms", "javascript"})
_CSS = re.compile(r"""(?:url\(|@import\s)\s*["']?([^"')\s]+)""")


@dataclass
class Page(HTMLParser):
    """The places of a page, where it leads, and what a browser loads to show it."""

    html: str
    places: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.loads += _CSS.findall(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("class", "anchor-link") in attrs:
            return  # in pages of records made before 2026-11-25, which hide it and are kept as made
        for name, value in attrs:
            if name == "id" or (name == "name" and tag == "a"):
                self.places.append(value or "")
            elif name in _ADDRESSES and value is not None:
                (self.leads if tag in ("a", "area", "form") else self.loads).append(value)
            elif name == "srcset":
                self.loads += [one.split()[0] for one in (value or "").split(",")]


@cache
def page_of(file: Path) -> Page:
    return Page(file.read_text(encoding="utf-8"))


def broken(site: Path) -> Iterator[str]:
    """Every link that leads to no file or no place in it, and every place that is there twice."""
    for file in sorted(site.rglob("*.html")):
        page = page_of(file)
        where = file.relative_to(site)
        yield from (f"{where}: {one} twice" for one in _twice(page.places))
        for address in (*page.leads, *page.loads):
            if not _there(site, file, address):
                yield f"{where}: {address}"


def foreign(site: Path) -> Iterator[str]:
    """Everything a browser would load from another host."""
    for file in sorted(site.rglob("*.html")):
        for address in page_of(file).loads:
            if urlsplit(address).netloc:
                yield f"{file.relative_to(site)}: {address}"
    for file in sorted(site.rglob("*.css")):
        for address in _CSS.findall(file.read_text(encoding="utf-8")):
            if urlsplit(address).netloc:
                yield f"{file.relative_to(site)}: {address}"


def leads_somewhere(site: Path, location: str) -> bool:
    """Whether an address from the root of the site is a page, and its place is there."""
    return _there(site, site / "index.html", location)


def _there(site: Path, file: Path, address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme in _ELSEWHERE or parts.netloc:
        return True
    to = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if parts.path.startswith("/"):
        to = site / unquote(parts.path).lstrip("/")
    to = to / "index.html" if to.is_dir() else to
    if not to.is_file() or not to.is_relative_to(site.resolve()):
        return False
    place = unquote(parts.fragment)
    return not place or to.suffix != ".html" or place in page_of(to).places


def _twice(places: list[str]) -> set[str]:
    return {one for one in places if places.count(one) > 1}
