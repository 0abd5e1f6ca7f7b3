"""What stands in data/ stands in api/ too, for programs: the same facts, and no secret."""

from __future__ import annotations

import json
import re
from pathlib import Path

from handmade import ROOT, Built
from pydantic import TypeAdapter

from runbook.catalog import load
from runbook.catalog.shapes import SHAPES
from runbook.model import Scenario
from runbook.publish import publish_facts

CATALOG = load(ROOT)


def read(site: Path, name: str) -> object:
    return json.loads((site / "api" / f"{name}.json").read_text(encoding="utf-8"))


def test_every_file_of_the_data_is_read_back_as_the_catalog_has_it(built: Built) -> None:
    files = {path.stem for path in (ROOT / "data").glob("*.yml")}
    published = {path.stem for path in (built.site / "api").glob("*.json")}
    assert published == files | {"scenarios", "oncall"}
    for name in SHAPES.keys() - {"overrides", "rotation"}:
        assert (
            TypeAdapter(SHAPES[name]).validate_python(read(built.site, name)) == CATALOG.nouns[name]
        )
    scenarios = TypeAdapter(dict[str, Scenario]).validate_python(read(built.site, "scenarios"))
    assert scenarios == CATALOG.scenarios
    rotation = read(built.site, "rotation")
    assert rotation == json.loads(CATALOG.rotation.model_dump_json())


def test_the_page_tells_of_every_file_and_every_way_on_leads_somewhere(built: Built) -> None:
    page = built.site / "api" / "index.html"
    links = re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8"))
    assert {f"{name}.json" for name in (*CATALOG.nouns, "oncall")} <= set(links)
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_a_secret_that_strayed_into_the_data_goes_no_further(copy: Path, tmp_path: Path) -> None:
    secret = "AKIAIOSFODNN7EXAMPLE"
    file = copy / "data" / "appendix.yml"
    text = file.read_text(encoding="utf-8")
    title = CATALOG.appendix.files[0].say
    assert title in text
    file.write_text(text.replace(title, f"{title} {secret}"), encoding="utf-8")
    site = tmp_path / "site"
    publish_facts(load(copy), site)
    written = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.json"))
    assert secret not in written
    assert "[已隐去" in written
