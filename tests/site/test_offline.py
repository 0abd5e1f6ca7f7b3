"""Once visited the site is on the phone; with the server gone it answers as before."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from handmade import ROOT, SLUG, Built

from runbook.publish import publish_offline, zip_site
from runbook.publish.offline import kept

RECORD = "records/INC-20261124-01/034208-database-connection.html"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, or like a gateway whose backend is gone, and writes no log."""

    broken = False

    def do_GET(self) -> None:
        if self.broken:
            self.send_error(502)
        else:
            super().do_GET()

    def log_message(self, *words: Any) -> None:
        del words


@contextmanager
def served(site: Path, port: int = 0, broken: bool = False) -> Iterator[int]:
    """The site over HTTP on loopback, until the block ends; the number of its port."""
    handler = type("Handler", (Quiet,), {"broken": broken})
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(site)))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(built: Built, tmp_path: Path) -> Path:
    copy = tmp_path / "site"
    shutil.copytree(built.site, copy)
    publish_offline(copy)
    return copy


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def install(phone: Any, address: str) -> None:
    """The first visit, until everything is kept."""
    phone.goto(address)
    phone.evaluate("navigator.serviceWorker.ready")
    phone.wait_for_function("navigator.serviceWorker.controller !== null")


@pytest.mark.browser
def test_with_the_server_gone_the_phone_still_has_all_that_matters(phone: Any, site: Path) -> None:
    with served(site) as port:
        address = f"http://127.0.0.1:{port}"
        install(phone, f"{address}/")
        phone.goto(f"{address}/{RECORD}")
        on_duty = phone.goto(f"{address}/index.html")
        assert on_duty.ok
        people = phone.locator(".rb-current").first.text_content()
    for gone in (False, True):
        with served(site, port, broken=True) if not gone else _nothing():
            phone.goto(f"{address}/")
            assert phone.locator(".rb-current").first.text_content() == people
            assert phone.locator("a[href^='tel:+']").first.is_visible()
            phone.goto(f"{address}/scenarios/{SLUG}.html?h=数据库")
            assert phone.get_by_text(f"runbook run {SLUG} --target production").first.is_visible()
            phone.goto(f"{address}/{RECORD}")
            assert "数据库进程没有运行" in phone.locator("body").inner_text()
            phone.goto(f"{address}/index.html")
            phone.locator("label[for=__search]").first.click()
            box = phone.locator(".md-search__input")
            box.fill("too many clients")
            box.press("End")
            found = phone.locator(".md-search-result__item").first
            found.wait_for(state="visible")
            assert "数据库连接失败" in found.inner_text().replace("\u200b", "")


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@pytest.mark.browser
def test_what_was_never_opened_says_so_and_leads_home(phone: Any, site: Path) -> None:
    with served(site) as port:
        install(phone, f"http://127.0.0.1:{port}/")
    phone.goto(f"http://127.0.0.1:{port}/{RECORD}")
    assert phone.locator("h1").inner_text() == "这一页没有存在本机"
    phone.get_by_role("link").click()
    assert phone.locator(".rb-duty").first.is_visible()


@pytest.mark.browser
def test_a_site_built_anew_is_shown_at_once_and_replaces_what_was_kept(
    phone: Any, site: Path
) -> None:
    page = site / "after.html"
    with served(site) as port:
        install(phone, f"http://127.0.0.1:{port}/")
        page.write_text(page.read_text("utf-8").replace("事故概述", "新的说法"), encoding="utf-8")
        version = publish_offline(site)
        phone.goto(f"http://127.0.0.1:{port}/after.html")
        assert phone.get_by_text("新的说法").first.is_visible()
        phone.wait_for_function(
            "async version => (await caches.keys()).join() === `runbook-${version}`", arg=version
        )
    phone.goto(f"http://127.0.0.1:{port}/after.html")
    assert phone.get_by_text("新的说法").first.is_visible()


def test_the_version_is_the_content_and_records_do_not_make_it_heavier(site: Path) -> None:
    first = publish_offline(site)
    worker = (site / "sw.js").read_text(encoding="utf-8")
    files = json.loads(re.search(r"const FILES = (.*)", worker)[1])  # type: ignore[index]
    assert {"index.html", "records/index.html", "search/search_index.json"} <= set(files)
    assert not any(file.startswith("records/INC-") for file in files)
    assert publish_offline(site) == first
    (site / "records" / "INC-20261125-01").mkdir()
    (site / "records" / "INC-20261125-01" / "x.html").write_text("x")
    assert publish_offline(site) == first
    (site / "oncall.html").write_text("x")
    assert publish_offline(site) != first
    assert sum((site / name).stat().st_size for name in kept(site)) < 4e6


def test_the_manifest_names_what_is_there(built: Built) -> None:
    manifest = json.loads((built.site / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert f"site_name: {manifest['name']}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for named in (manifest["start_url"], *(icon["src"] for icon in manifest["icons"])):
        assert (built.site / named).is_file()


def test_the_zip_of_a_site_is_all_of_it_and_the_same_bytes_again(
    site: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one" / "handbook.zip", tmp_path / "two" / "handbook.zip"
    zip_site(site, one)
    for file in site.rglob("*"):
        file.touch()
    zip_site(site, two)
    assert one.read_bytes() == two.read_bytes()
    with ZipFile(one) as archive:
        names = {
            f"handbook/{file.relative_to(site).as_posix()}"
            for file in site.rglob("*")
            if file.is_file()
        }
        assert set(archive.namelist()) == names
        assert archive.testzip() is None
