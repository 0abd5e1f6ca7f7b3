"""Everything that stands in `data/` for other programs, with a page that says what is where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from runbook.catalog import Catalog
from runbook.publish.write import write, write_json
from runbook.records.page import rendered
from runbook.redact import Redactor
from runbook.words import listed, say


class ApiFile(NamedTuple):
    """A file of the API as its page tells of it; `size` of a file that is no mapping is None."""

    name: str
    what: str
    size: int | None
    fields: str


def publish_facts(catalog: Catalog, site: Path) -> None:
    """`api/<noun>.json` for each file of `data/` as the catalog read it, and `api/index.html`.

    A target's addresses stay open where its deployment fills them in.  Whatever looks like a secret
    is hidden; the data has none, only the names of the variables that hold them.  The page tells of
    every file that stands in `api/` by then.
    """
    redactor = Redactor(public=catalog.public)
    for name, noun in catalog.nouns.items():
        value = redactor.value(to_jsonable_python(noun), detector=True)
        write_json(site / "api" / f"{name}.json", value)
    page = rendered(
        "runbook.publish",
        "api.html",
        files=list(_files(site / "api")),
        say=lambda key, /, **facts: say(f"api.{key}", **facts),
    )
    write(site / "api" / "index.html", page)


def _files(folder: Path) -> Iterator[ApiFile]:
    for file in sorted(folder.glob("*.json")):
        value = json.loads(file.read_text(encoding="utf-8"))
        entries = _entries(value)
        fields = (entries or [value])[0]
        yield ApiFile(
            file.name,
            say(f"api_file.{file.stem}"),
            len(entries) if entries else None,
            listed(fields) if isinstance(fields, dict) else "",
        )


def _entries(value: dict[str, Any]) -> list[Any]:
    """The entries of a mapping of things that are alike; none of any other mapping."""
    found = list(value.values())
    alike = all(isinstance(one, dict) and one.keys() == found[0].keys() for one in found)
    return found if alike else []
