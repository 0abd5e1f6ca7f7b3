"""The list of records narrowed by who reads it, and the figures over all of them."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import Built
from test_site_browser import opened

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
