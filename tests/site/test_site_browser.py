"""The site in a real browser, from file://, with no network, on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from handmade import SLUG, Built

pytestmark = pytest.mark.browser

PAGES = [
    "index.html",
    "oncall.html",
    "severity.html",
    "monitoring.html",
    "process.html",
    "actions.html",
    "templates.html",
    "after.html",
    "contacts.html",
    "channels.html",
    "appendix.html",
    "degraded.html",
    "freshness.html",
    "exercises.html",
    "print.html",
    "scenarios/index.html",
    f"scenarios/{SLUG}.html",
    "records/index.html",
    "records/figures.html",
    "records/INC-20261124-01/034208-database-connection.html",
    "records/INC-20261124-01/031208-database-connection.html",
    "records/DRILL-20261124-01/044208-database-connection-exercise.html",
    "records/DRILL-20261124-01/044208-database-connection.html",
]


@contextmanager
def opened(browser: Any, file: Path, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    """The page, and everything that went wrong on it or was asked of a network."""
    context = browser.new_context(**options)
    wrong: list[str] = []
    page = context.new_page()
    page.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda one: wrong.append(one.message))
    context.on("requestfailed", lambda one: wrong.append(f"failed {one.url}"))
    context.on(
        "request",
        lambda one: (
            None
            if one.url.startswith(("file:", "data:", "blob:"))
            else wrong.append(f"asked {one.url}")
        ),
    )
    page.goto(file.as_uri())
    yield page, wrong
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opened_from_a_file_asks_no_network_and_has_no_errors(
    browser: Any, built: Built, name: str
) -> None:
    with opened(browser, built.site / name) as (page, wrong):
        page.wait_for_timeout(300)
        assert page.locator("h1").count() >= 1
        assert wrong == []


@pytest.mark.parametrize("query", ["数据库", "连接池", "postgres", "503", "值班"])
def test_the_search_opens_and_finds_chinese_and_english_words_offline(
    browser: Any, built: Built, query: str
) -> None:
    with opened(browser, built.site / "index.html") as (page, wrong):
        box = page.locator(".md-search__input")
        box.click()
        box.fill(query)
        box.press("End")  # as an input method does, the search listens for a key
        found = page.locator(".md-search-result__item").first
        found.wait_for(state="visible", timeout=10_000)
        assert found.locator("a").first.get_attribute("href")
        assert wrong == []


def test_what_matters_at_three_in_the_morning_is_in_one_screen(browser: Any, built: Built) -> None:
    height = 800
    size = {"width": 1280, "height": height}
    with opened(browser, built.site / "index.html", viewport=size) as (page, _):
        for what in (f"runbook run {SLUG} --target production", "主值班", "runbook oncall", "P0"):
            place = page.get_by_text(what).locator("visible=true").first.bounding_box()
            assert place is not None
            assert place["y"] + place["height"] <= height, what


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_without_scripts(browser: Any, built: Built, name: str) -> None:
    with opened(browser, built.site / name, java_script_enabled=False) as (page, wrong):
        body = page.locator("main").first.inner_text()
        assert len(body.strip()) > 20
        if name == "index.html":
            for what in (f"runbook run {SLUG} --target production", "主值班", "P0", "15 分钟"):
                assert page.get_by_text(what).first.is_visible()
        assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_a_page_sideways(browser: Any, built: Built, name: str) -> None:
    with opened(browser, built.site / name) as (page, _):
        for width in (360, 390, 768):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_number_is_dialled_with_one_tap_from_the_home_page(
    browser: Any, built: Built
) -> None:
    with opened(browser, built.site / "index.html") as (page, _):
        link = page.locator(".rb-shift.rb-near a[href^='tel:+']").first
        assert link.is_visible()


def test_the_page_shows_who_is_on_duty_at_the_hour_of_the_reader(
    browser: Any, built: Built
) -> None:
    context = browser.new_context()
    page = context.new_page()
    first = (built.site / "index.html").as_uri()
    page.goto(first)
    shifts = page.locator(".rb-shift")
    second = shifts.nth(1)
    since, people = second.get_attribute("data-since"), second.text_content()
    page.clock.install(time=since)
    page.reload()
    assert page.locator(".rb-current").text_content() == people
    page.clock.set_fixed_time(shifts.last.get_attribute("data-until"))
    page.reload()
    assert page.locator(".rb-late").is_visible()
    assert not page.locator(".rb-shift").first.is_visible()
    context.close()


def test_a_page_nobody_reviewed_for_too_long_says_so_when_it_is_read(
    browser: Any, built: Built
) -> None:
    page = browser.new_context().new_page()
    file = (built.site / "severity.html").as_uri()
    page.goto(file)
    banner = page.locator(".rb-overdue")
    assert not banner.is_visible()
    last = banner.get_attribute("data-until")
    for moment, said in ((f"{last}T23:00:00", False), (f"{last}T23:59:59.5", True)):
        page.clock.set_fixed_time(moment)
        page.goto(file)
        assert banner.is_visible() is said, moment
    assert banner.evaluate("one => one.previousElementSibling.tagName") == "H1"
    page.goto((built.site / "freshness.html").as_uri())
    assert page.locator("tr:has(a[href='severity.html']) .rb-lapsed").is_visible()
    threshold = page.locator("tr:has(a[href='monitoring.html'])", has_text="阈值").first
    assert not threshold.locator(".rb-lapsed").is_visible()
    page.context.close()


@pytest.mark.parametrize("guarded", [True, False])
def test_hostile_evidence_runs_neither_with_the_policy_nor_without_it(
    browser: Any, built: Built, tmp_path: Path, guarded: bool
) -> None:
    html = (built.site / PAGES[-1]).read_text(encoding="utf-8")
    policy = 'http-equiv="Content-Security-Policy"'
    assert policy in html
    file = tmp_path / "hostile.html"
    file.write_text(html if guarded else html.replace(policy, ""), encoding="utf-8")
    with opened(browser, file) as (page, wrong):
        for summary in page.locator("summary").all():
            summary.click()
        for link in page.locator("a:text('点')").all():
            link.click()
        page.wait_for_timeout(200)
        assert page.evaluate("window.pwned") is None
        assert page.locator("script, iframe, form, object, embed, [onerror], [onload]").count() == 0
        assert page.locator("main > .cell").count() == 5
        assert page.locator("body > footer").is_visible()
        assert "{{ 7*7 }}" in page.locator("main").inner_text()
        assert wrong == []
