"""The site on the phone and in one file: a service worker that keeps it, and a zip of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from runbook.publish.months import is_month
from runbook.publish.write import write
from runbook.records.page import rendered
from runbook.words import say

WORKER = "sw.js"
_NOBODY_ASKS = frozenset({".map", ".gz"})
_THE_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def publish_offline(site: Path) -> str:
    """The version of the site: a hash of all that the service worker keeps of it.

    It keeps everything but the records, which grow without bound; the list of the newest it has.
    """
    files = list(kept(site))
    digest = hashlib.sha256()
    for name in files:
        digest.update(f"{name}\n".encode() + hashlib.sha256((site / name).read_bytes()).digest())
    version = digest.hexdigest()[:16]
    facts = {
        "VERSION": version,
        "FILES": [quote(name) for name in files],
        "NOT_KEPT": _not_kept(),
    }
    lines = [f"const {name} = {json.dumps(fact)}" for name, fact in facts.items()]
    code = resources.files(__name__).joinpath(WORKER).read_text(encoding="utf-8")
    write(site / WORKER, "\n".join([*lines, code]))
    return version


def kept(site: Path) -> Iterator[str]:
    """The files a phone keeps, by their addresses in the site."""
    found = []
    for base, folders, files in os.walk(site):
        below = Path(base).relative_to(site)
        if below == Path("records"):
            folders.clear()
        found += [(below / name).as_posix() for name in files if not is_month(name)]
    for name in sorted(found, key=lambda one: Path(one).parts):
        if Path(name).suffix not in _NOBODY_ASKS and name != WORKER:
            yield name


def zip_site(site: Path, file: Path) -> None:
    """The whole site as one file; the same site is the same bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(one for one in site.rglob("*") if one.is_file()):
            name = Path(file.stem, path.relative_to(site)).as_posix()
            info = ZipInfo(name, _THE_FIRST_DAY)
            info.external_attr = 0o644 << 16
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())


def _not_kept() -> str:
    return rendered(
        "runbook.publish.offline",
        "not_kept.html",
        home="./",
        say=lambda key: say(f"offline.{key}"),
    )
