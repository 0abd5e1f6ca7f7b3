"""The list of records narrowed by who reads it, and the figures over all of them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from handmade import ROOT, Built, keep, record
from test_site_browser import opened

from runbook.catalog import load
from runbook.model import Verdict
from runbook.publish import publish

pytestmark = pytest.mark.browser

LIST = "records/index.html"
DRILL = "DRILL-20261124-01/044208-database-connection.html"
FAILED = "INC-20261124-01/034208-database-connection.html"


def shown(page: Any) -> list[str]:
    """The names of the records in sight, and of the incidents that have none."""
    return [
        one.strip()
        for group in page.locator("section.rb-incident:visible").all()
        for one in (
            group.locator("li:visible a").evaluate_all(
                "all => all.map(a => a.getAttribute('href'))"
            )
            or group.locator("h2 a").first.all_inner_texts()
        )
    ]


@pytest.mark.parametrize(
    ("choices", "found"),
    [
        ({"verdict": "pass"}, ["INC-20261124-00/031708-database-connection.html"]),
        ({"verdict": "incomplete"}, ["INC-20261124-01/031208-database-connection.html"]),
        ({"kind": "drill"}, [DRILL]),
        ({"severity": "P2"}, None),
        ({"text": "INC-20261124-01", "verdict": "fail"}, [FAILED]),
        ({"since": "2026-11-25"}, []),
        ({"until": "2026-11-24", "kind": "drill"}, [DRILL]),
        ({"target": "production", "text": "没有这样的字"}, []),
    ],
)  # fmt: skip
def test_a_choice_leaves_what_fits_it_and_says_how_much(
    browser: Any, built: Built, choices: dict[str, str], found: list[str] | None
) -> None:
    with opened(browser, built.site / LIST) as (page, wrong):
        for name, value in choices.items():
            field = page.locator(f".rb-filter [name={name}]")
            if name in ("since", "until", "text"):
                field.fill(value)
            else:
                field.select_option(value)
        if found is None:  # incidents alone, that no run of ours belongs to
            found = page.locator("section[data-severity=P2] h2 a").all_inner_texts()
            assert found
        assert shown(page) == found
        status = page.locator(".rb-filter [role=status]").inner_text()
        assert status.startswith("显示" if found else "没有符合的记录")
        page.reload()  # what was chosen stands in the address
        assert shown(page) == found
        page.locator(".rb-filter [type=reset]").click()
        page.wait_for_function("location.hash === ''")
        assert len(shown(page)) == 7
        assert wrong == []


@pytest.fixture
def of_years(built: Built, tmp_path: Path) -> Path:
    """The list of forty months; one run of the second month is the only one that was well."""
    site, records = tmp_path / "site", tmp_path / "records"
    shutil.copytree(built.site, site)
    for month in range(40):
        name = f"INC-{2023 + month // 12}{month % 12 + 1:02d}05-01"
        for minutes in range(4):
            well = (month, minutes) == (1, 2)
            keep(records, record(name, minutes, Verdict.PASS if well else Verdict.FAIL))
    publish(load(ROOT), records, site, datetime(2026, 11, 24, 3, 30, tzinfo=UTC))
    return site / LIST


def test_a_month_that_had_not_what_was_chosen_is_there_for_the_next_choice(
    browser: Any, of_years: Path
) -> None:
    with opened(browser, of_years) as (page, wrong):
        page.locator(".rb-filter [name=verdict]").select_option("pass")
        wait = (
            "words => document.querySelector('.rb-filter [role=status]').innerText.includes(words)"
        )
        page.wait_for_function(wait, arg="显示 1 ")
        assert shown(page) == ["INC-20230205-01/031408-database-connection.html"]
        page.locator(".rb-filter [name=verdict]").select_option("")
        page.locator(".rb-filter [name=text]").fill("INC-20230505-01")
        page.wait_for_function(wait, arg="显示 4 ")
        assert {one.partition("/")[0] for one in shown(page)} == {"INC-20230505-01"}
        page.locator(".rb-filter [type=reset]").click()
        page.wait_for_function("location.hash === ''")
        names = [one.partition("/")[0] for one in shown(page)]
        assert names == sorted(names, reverse=True) and names[-1] == "INC-20230205-01"
        assert wrong == []


def test_months_without_the_word_do_not_fill_the_page(browser: Any, of_years: Path) -> None:
    with opened(browser, of_years) as (page, wrong):
        before = page.locator("section.rb-incident").count()
        page.locator(".rb-filter [name=text]").fill("没有这样的字")
        page.get_by_text("没有符合的记录").wait_for()
        assert page.locator("section.rb-incident").count() == before
        assert wrong == []


def test_without_a_script_the_list_is_whole_and_nothing_pretends_to_narrow_it(
    browser: Any, built: Built
) -> None:
    with opened(browser, built.site / LIST, java_script_enabled=False) as (page, _):
        assert not page.locator(".rb-filter").is_visible()
        assert len(shown(page)) == 7


def test_the_figures_are_plots_beside_the_numbers_they_are_made_of(
    browser: Any, built: Built
) -> None:
    with opened(browser, built.site / "records" / "figures.html") as (page, wrong):
        assert page.locator(".rb-plot svg").count() == 3
        assert page.locator(".rb-times tbody tr").count() >= 3
        assert page.locator("text=n=").count() == page.locator(".rb-times tbody tr").count()
        assert wrong == []
