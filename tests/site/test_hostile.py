"""Text from outside is read and does nothing, whatever it is and whichever way it came."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from handmade import AT, ROOT, Built
from hostile import INCIDENT, evidence_of, fill, strings, whole

from runbook.catalog import load
from runbook.model import INCIDENT as INCIDENT_NAME
from runbook.publish import publish_incidents, publish_records
from runbook.render.visible import visible

pytestmark = pytest.mark.browser

EXAMINE = Path(__file__).with_name("examine.js").read_text(encoding="utf-8")
POLICY = 'http-equiv="Content-Security-Policy"'
LISTS = ("index.html", "records/index.html")


@pytest.fixture(scope="module")
def site(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("hostile")
    records, made = folder / "records", folder / "site"
    records.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSTILE_KEY", "not-a-secret")
        fill(records)
    shutil.copytree(built.site, made)
    publish_records(records, made)
    publish_incidents(records, made, load(ROOT).rotation.tz, AT)
    yield made


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_no_hostile_string_runs_leads_away_or_spoils_a_page(
    browser: Any, site: Path, served: str
) -> None:
    """Each page from a file and from a server, the evidence also without its policy."""
    assert sum(map(len, strings().values())) >= 120
    evidence = sorted((site / "records" / INCIDENT).glob("*.html"))
    for page in evidence:
        text = page.read_text(encoding="utf-8")
        assert POLICY in text
        page.with_name(f"bare-{page.name}").write_text(text.replace(POLICY, ""), encoding="utf-8")
    names = [str(one.relative_to(site)) for one in evidence]
    bare = [str(one.with_name(f"bare-{one.name}").relative_to(site)) for one in evidence]
    wrong: list[str] = []

    def asked(url: str) -> None:
        if not url.startswith(("data:", "blob:", site.as_uri(), served)):
            wrong.append(f"asked {url[:80]}")

    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.on("dialog", lambda one: (wrong.append(f"dialog {one.message}"), one.dismiss()))
        page.on("pageerror", lambda error: wrong.append(f"error {error}"))
        context.on("page", lambda one: wrong.append(f"opened {one.url}"))
        context.on("request", lambda one: asked(one.url))
        for root in (f"{site.as_uri()}/", served):
            for name in (*LISTS, *names, *bare):
                page.goto(root + name)
                alone = name not in LISTS
                scope = "html" if alone else ".rb-records, .rb-incident"
                found = page.evaluate(EXAMINE, [scope, root, alone])
                if page.url != root + name:
                    found.append(f"left for {page.url}")
                wrong += [f"{name}: {one}" for one in found]
    assert wrong == []


def test_an_answer_with_half_a_character_is_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_KEY", "not-a-secret")
    _, seen = evidence_of(load(ROOT), strings()["terminal"])
    assert [one.error for one in seen] == [None] * len(seen)
    assert "database" in next(one.saw["checks"] for one in seen if one.probe == "api-ready")


def test_every_hostile_string_can_still_be_read(browser: Any, site: Path) -> None:
    folder = site / "records" / INCIDENT
    with browser.new_context() as context:
        page = context.new_page()

        def shown(name: str) -> str:
            page.goto((folder / name).as_uri())
            return _bare(page.locator("main").inner_text())

        told = shown("index.html")
        for kind, found in strings().items():
            ran = shown(f"run-of-{kind}.html")
            for text in found:
                said = _bare(visible(whole(text[:1000])))
                assert kind == "huge" or said in told
                # A terminal's colours are shown, not written.
                assert kind == "terminal" or "\x1b" in text or said in ran


def test_only_the_folders_of_incidents_are_published(site: Path) -> None:
    folders = {one.name for one in (site / "records").iterdir() if one.is_dir()}
    assert {INCIDENT, "INC-20261124-02"} <= folders
    assert all(re.fullmatch(INCIDENT_NAME, name) for name in folders)
    assert json.loads((site / "records" / "heads.json").read_text()).keys() == {INCIDENT}


def _bare(text: str) -> str:
    """The text without white space, which a page folds."""
    return "".join(text.split())
