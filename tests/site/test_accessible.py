"""What axe finds on the pages, as a phone in light and a desk in the dark would show them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from handmade import ROOT, Built

from runbook.catalog import load
from runbook.publish import publish_incidents, publish_records

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")
SHOWN = (
    ("light", {"width": 390, "height": 844}, {"resultTypes": ["violations"]}),
    # In the dark only colours are others.
    ("dark", {"width": 1280, "height": 800}, {"runOnly": ["color-contrast", "link-in-text-block"]}),
)
BECOME = ("severity.html#reach=P1", "severity.html#level=P0")
"""What a page turns into when somebody answers."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def served(built: Built, tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of the site with the project's own records, and its pages.

    It is served, not read from files: the page for addresses nobody has is found only so.
    """
    site, records, zone = tmp_path / "site", ROOT / "records", load(ROOT).rotation.tz
    shutil.copytree(built.site, site)
    publish_records(records, site)
    assert publish_incidents(records, site, zone, datetime.now(zone))
    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pages = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))
        yield f"http://127.0.0.1:{server.server_port}/", pages
        server.shutdown()


def test_nothing_serious_is_found_on_any_page(browser: Any, served: tuple[str, list[str]]) -> None:
    address, pages = served
    assert {"index.html", "404.html", "severity.html", "templates.html"} < set(pages)
    assert all(any(f"{folder}/" in page for page in pages) for folder in ("a", "records"))
    found = []
    for scheme, size, options in SHOWN:
        # The pages of records let no script in, not even this one.
        context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=size)
        page = context.new_page()
        for name in (*pages, *BECOME):
            page.goto(address + name)
            for one in Axe().run(page, options=options).response["violations"]:
                if one["impact"] in GRAVE:
                    targets = [node["target"] for node in one["nodes"]]
                    found.append((name, scheme, one["id"], targets))
        context.close()
    assert found == []
