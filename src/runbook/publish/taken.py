"""The pages of records out of the site before, so that a new site need not make them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runbook.records.incident import incidents_in


@contextmanager
def taken_over(before: Path | None, site: Path) -> Iterator[None]:
    """The folders of incidents moved from the site before into this one; back where that fails.

    Who dies in between has lost nothing: pages that are not there are made of the records.
    """
    if before is None or not before.is_dir() or before.samefile(site):
        yield
        return
    there, here = before / "records", site / "records"
    moved = [one.name for one in incidents_in(there) if not (here / one.name).exists()]
    _move(moved, there, here)
    try:
        yield
    except BaseException:
        _move(moved, here, there)
        raise


def _move(names: list[str], there: Path, here: Path) -> None:
    for name in names:
        (there / name).replace(here / name)
