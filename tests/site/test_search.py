"""What responders type and paste finds its page, in the worker the site really uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from handmade import ROOT, Built, keep, record

from runbook.catalog import load
from runbook.errors import BadInput
from runbook.publish import publish_records, publish_search
from runbook.publish.search.found import NEWEST

CASES = ROOT / "tests" / "cases" / "search"
FIRST = 3
ASK = """async queries => {
  const config = JSON.parse(document.getElementById("__config").textContent)
  const worker = new Worker(new URL(config.search, location).href)
  const answer = message => new Promise(resolve => {
    worker.addEventListener("message", event => resolve(event.data), { once: true })
    worker.postMessage(message)
  })
  await new Promise(resolve => {
    const script = document.createElement("script")
    script.onload = resolve
    script.src = new URL("search/search_index.js", new URL(config.base, location))
    document.head.append(script)
  })
  await answer({ type: 0, data: { ...__index, options: { suggest: false } } })
  const answers = []
  for (const query of queries) answers.push((await answer({ type: 2, data: query })).data.items)
  return answers
}"""
"""Sets the worker up with the site's own index, as the theme does, and asks it every query."""
EARLY = (
    ASK.partition("  await answer")[0]
    + """
  const docs = Array.from({ length: 100 }, (_, number) => ({
    location: `records/INC-20200101-01/${String(number).padStart(3, "0")}.html`,
    title: queries[0], text: "<p>x</p>", boost: 0.15,
  }))
  await answer({ type: 0, data: { ...__index, docs: [...__index.docs, ...docs] } })
  return new Promise(resolve => {
    const answers = []
    worker.addEventListener("message", ({ data }) => {
      answers.push(data.data.items)
      const found = data.data.items.map(group => group[0].location)
      if (found.includes(queries[1])) resolve([answers[0], answers.at(-1)])
    })
    worker.postMessage({ type: 2, data: queries[0] })
  })
}"""
)
"""The same with a hundred records more, asked for the first words as soon as it is ready: the first
answer, and the one that has the page of the last."""


def ask(browser: Any, site: Path, queries: list[str]) -> list[list[list[dict[str, Any]]]]:
    """For each query the pages found, best first, each as its documents."""
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    answers: list[list[list[dict[str, Any]]]] = page.evaluate(ASK, queries)
    page.close()
    return answers


@pytest.mark.browser
@pytest.mark.parametrize("file", ["queries.yml", "held-out.yml"])
def test_every_query_finds_its_page_and_its_section_among_the_first_three(
    browser: Any, built: Built, file: str
) -> None:
    cases = yaml.safe_load((CASES / file).read_text(encoding="utf-8"))
    missed = []
    for case, found in zip(
        cases, ask(browser, built.site, [case["find"] for case in cases]), strict=True
    ):
        wanted = [case["page"]] if isinstance(case["page"], str) else case["page"]
        places = [doc["location"].partition("#") for page in found[:FIRST] for doc in page]
        if not any(
            page in wanted and section in (case.get("at"), section if "at" not in case else None)
            for page, _, section in places
        ):
            missed.append((case["find"], [page[0]["location"] for page in found[:FIRST]]))
    assert missed == []
    assert len(cases) > 60


@pytest.mark.browser
@pytest.mark.parametrize(
    "query", ["", " ", "-", '"', "~", "^ :", "*:*", "foo~ -bar", "库" * 2000, "😱", "\\d+(", "的"]
)
def test_whatever_is_typed_is_words_and_never_an_error(
    browser: Any, built: Built, query: str
) -> None:
    assert isinstance(ask(browser, built.site, [query])[0], list)


@pytest.mark.browser
def test_a_typing_mistake_still_finds(browser: Any, built: Built) -> None:
    queries = ["certifcate expired", "postgers", "rolback"]
    for found in ask(browser, built.site, queries):
        assert found


@pytest.mark.browser
def test_a_record_is_found_by_its_incident_cause_and_day_after_what_to_do(
    browser: Any, built: Built
) -> None:
    page = "records/INC-20261124-01/034208-database-connection.html"
    by_incident, by_cause = ask(
        browser, built.site, ["INC-20261124-01", "数据库进程没有运行 2026-11-24"]
    )
    assert page in [group[0]["location"] for group in by_incident[:FIRST]]
    places = [group[0]["location"].partition("#")[0] for group in by_cause]
    assert page in places
    assert places[0] == "scenarios/database-connection.html"


@pytest.mark.browser
def test_who_asks_before_all_records_are_read_is_answered_at_once_and_then_again(
    browser: Any, built: Built
) -> None:
    page = browser.new_page()
    page.goto((built.site / "index.html").as_uri())
    first, last = page.evaluate(EARLY, ["数据库进程没有运行", "records/INC-20200101-01/099.html"])
    page.close()
    assert first[0][0]["location"].startswith("scenarios/database-connection.html")
    late = "records/INC-20200101-01/099.html"
    assert late not in [group[0]["location"] for group in first]
    assert late in [group[0]["location"] for group in last]
    assert last[0][0]["location"] == first[0][0]["location"]


@pytest.mark.browser
def test_a_result_is_read_as_a_sentence_and_runs_nothing(browser: Any, built: Built) -> None:
    found = ask(browser, built.site, ["连接池满了", "window.pwned 点 iframe"])
    best = found[0][0][0]
    assert best["title"] == "API 的<mark>连接池用完</mark>了，数据库还有余量"
    assert set(best["terms"]) == {"连接池", "满了"}
    for group in found[1]:
        for doc in group:
            shown = (doc["title"] + doc["text"]).replace("<mark>", "").replace("</mark>", "")
            assert "<" not in shown.removeprefix("<p>").replace("<p>", "").replace("</p>", "")


def test_publishing_the_search_again_changes_nothing(built: Built) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.site.rglob("*")}
    assert publish_search(load(ROOT), built.records, built.site) > 100
    assert {path: path.stat().st_mtime_ns for path in built.site.rglob("*")} == before


def test_however_many_records_there_are_the_index_holds_the_newest(
    built: Built, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    for name in ("search/search_index.json", "index.html", "records/index.html"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes((built.site / name).read_bytes())
    worker = next(built.site.glob("assets/javascripts/workers/*.min.js")).relative_to(built.site)
    (site / worker).parent.mkdir(parents=True)
    (site / worker).touch()
    page = keep(tmp_path / "records", record("INC-20261123-01"))
    for number in range(NEWEST):
        folder = tmp_path / "records" / f"INC-20261124-{number // 20:02d}"
        folder.mkdir(exist_ok=True)
        for kept in (page, page.with_suffix(".ipynb")):
            (folder / f"{number:06d}-x{kept.suffix}").write_bytes(kept.read_bytes())
    publish_records(tmp_path / "records", site)
    publish_search(load(ROOT), tmp_path / "records", site)
    docs = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    records = [doc["location"] for doc in docs if doc["location"].startswith("records/INC-")]
    assert len(records) == NEWEST
    assert not any("INC-20261123" in location for location in records)


def test_a_site_that_is_not_built_or_keeps_its_worker_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="先运行 mkdocs build --strict"):
        publish_search(load(ROOT), tmp_path, tmp_path)
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "search_index.json").write_text("{}")
    with pytest.raises(BadInput, match="应恰有一个"):
        publish_search(load(ROOT), tmp_path, tmp_path)
