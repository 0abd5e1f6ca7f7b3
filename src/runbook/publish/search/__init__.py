"""The search of a built site: every page, cause, alert, incident and new record can be found.

The theme's box stays; the worker behind it is ours (`worker.js`, with MiniSearch), because the
theme's takes what people paste for operators and cuts Chinese where it likes.
"""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

from runbook.catalog import Catalog
from runbook.errors import BadInput
from runbook.publish.search.found import documents
from runbook.publish.search.pages import judged
from runbook.publish.shelf import Shelf
from runbook.publish.write import write
from runbook.words import say

WORKER = "assets/javascripts/workers/search.*.min.js"
LANGUAGES = "assets/javascripts/lunr"
"""What only the theme's own worker asks for."""


def publish_search(catalog: Catalog, records: Path, site: Path, shelf: Shelf | None = None) -> int:
    """The number of documents the search knows now; publishing again changes nothing.

    Raises BadInput where the site is not built, or its theme keeps its worker elsewhere.
    """
    file = site / "search" / "search_index.json"
    workers = list(site.glob(WORKER))
    if not file.is_file():
        raise BadInput(say("page.no_site", page=file))
    if len(workers) != 1:
        raise BadInput(say("publish.no_worker", site=site, pattern=WORKER))
    index = json.loads(file.read_text(encoding="utf-8"))
    words = catalog.search
    index["config"] |= {"synonyms": words.synonyms, "ignored": words.ignored}
    pages = [judged(catalog, doc) for doc in index["docs"] if "made" not in doc]
    made = [
        doc | {"made": True}
        for doc in documents(catalog, site, shelf or Shelf(records, site / "records"))
    ]
    index["docs"] = [*pages, *made]
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    write(file, text)
    write(file.with_suffix(".js"), f"var __index = {text}")
    write(workers[0], "\n".join(_script(name) for name in ("minisearch.js", "worker.js")))
    shutil.rmtree(
        site / "assets" / "javascripts" / "lunr", ignore_errors=True
    )  # asked by nobody now
    return len(index["docs"])


def _script(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
