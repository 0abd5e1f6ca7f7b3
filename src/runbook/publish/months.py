"""Lists that grow for years, cut into months: the newest on their page, each month on its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Protocol, TypeVar

from runbook.publish.write import between, write
from runbook.render.record_filter import month_of
from runbook.render.visible import visible

SHOWN = 100
"""So many records are on the page of a list; whole incidents, so it may be a few more."""

_MONTH = re.compile(r"(?:.*-)?[0-9]{4}-[0-9]{2}\.(html|js)")


class Sized(Protocol):
    """The incident `name` with `size` records in a list."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...


_Of = TypeVar("_Of", bound=Sized)


def by_month(found: Iterable[_Of]) -> dict[str, list[_Of]]:
    """The incidents by month, the newest month first; within one as they were."""
    ordered = sorted(found, key=lambda one: month_of(one.name), reverse=True)
    return {month: list(of) for month, of in groupby(ordered, key=lambda one: month_of(one.name))}


def newest(found: Iterable[_Of]) -> list[_Of]:
    """The first of them, until they have so many records as are shown."""
    shown: list[_Of] = []
    total = 0
    for one in found:
        if total >= SHOWN:
            break
        shown.append(one)
        total += max(one.size, 1)
    return shown


def publish_months(page: Path, marker: str, prefix: str, lists: Mapping[str, str]) -> None:
    """A page for each month like that one, with the month's list in place of its own.

    Months that have no list any more have no page.
    """
    before, after = between(page, marker)
    for month, html in lists.items():
        title = before.replace("<title>", f"<title>{month} ", 1)
        write(page.with_name(f"{prefix}{month}.html"), f"{title}{visible(html)}{after}")
    names = {f"{prefix}{month}.html" for month in lists}
    for file in page.parent.glob(f"{prefix}*.html"):
        if is_month(file.name) and file.name not in names:
            file.unlink()


def publish_scripts(folder: Path, lists: Mapping[str, str]) -> None:
    """The list of each month as a script, which a page that was opened from a file can load."""
    for month, html in lists.items():
        facts = json.dumps({"month": month, "html": visible(html)}, ensure_ascii=False)
        told = f'document.dispatchEvent(new CustomEvent("rb-month", {{ detail: {facts} }}))\n'
        write(folder / f"{month}.js", told)
    for file in folder.glob("*.js"):
        if is_month(file.name) and file.stem not in lists:
            file.unlink()


def is_month(name: str) -> bool:
    """Whether that is the name of the page or the script of a month."""
    return _MONTH.fullmatch(name) is not None
