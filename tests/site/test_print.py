"""The handbook on paper: whole, dated, numbered, and nothing on it needs a screen."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from handmade import ROOT, Built
from pypdf import PdfReader
from test_site_browser import opened

from runbook.catalog import load
from runbook.publish.print_pack import print_page

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


# Of signs that look alike a PDF may name the other; Unicode does not call these the same.
RADICALS = str.maketrans(
    "⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻨⻩⻬⻮⻰⻵戶",
    "西见角贝车长门青页风飞食马骨鬼鱼麦黄齐齿龙龟户",
)


def words(text: str) -> str:
    """The text as it was written, without what only sets it apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(RADICALS))


@pytest.fixture(scope="module")
def paper(browser: Any, built: Built) -> list[str]:
    """The words of every sheet, as Chromium prints the page."""
    with opened(browser, built.site / "print.html") as (page, wrong):
        pdf = page.pdf(prefer_css_page_size=True, print_background=False)
        assert wrong == []
    sheets = PdfReader(io.BytesIO(pdf)).pages
    sizes = {(round(one.mediabox.width), round(one.mediabox.height)) for one in sheets}
    assert sizes == {(595, 842)}, "A4 in points"
    return [words(sheet.extract_text()) for sheet in sheets]


@pytest.mark.browser
def test_every_sheet_says_which_it_is_when_it_was_made_and_how_far_it_is_true(
    paper: list[str],
) -> None:
    for number, sheet in enumerate(paper, 1):
        assert f"第{number}页/共{len(paper)}页" in sheet
        assert re.search(r"印于20\d\d-\d\d-\d\d·排班到20\d\d-\d\d-\d\d周.\d\d:\d\d", sheet)


@pytest.mark.browser
def test_whatever_is_needed_at_night_is_on_paper(paper: list[str]) -> None:
    catalog, everything = load(ROOT), "".join(paper)
    people = [*catalog.contacts.values(), *catalog.vendors.values()]
    needed = [one.phone for one in people if one.phone] + [one.email for one in people]
    for slug, scenario in catalog.scenarios.items():
        needed += [scenario.title, f"runbook run {slug} --target {catalog.production}"]
        needed += [cause.title for cause in scenario.causes.values()]
        needed += [step.say for cause in scenario.causes.values() for step in cause.next]
        needed += [command.line for command in scenario.commands]
    for level in catalog.severities.values():
        needed += [level.title, level.impact, level.business]
    for template in catalog.templates.templates.values():
        needed += [line.partition("{")[0] for line in template.text.splitlines()]
    missing = [one for one in needed if words(one) not in everything]
    assert missing == []


def test_the_roster_on_paper_ends_where_its_head_says() -> None:
    html = print_page(load(ROOT), NOW)
    assert "印于 2026-11-24 · 排班到 2027-01-18 周一 10:00" in html
    ends = re.findall(r'data-label="到">([^<]+)<', html)
    assert len(ends) == 8
    assert ends[-1] == "2027-01-18 周一 10:00"


def test_the_page_needs_no_other_file_and_runs_nothing() -> None:
    html = print_page(load(ROOT), NOW)
    assert "default-src 'none'" in html
    assert re.findall(r"<(?:script|link|img|iframe)", html) == []
    assert html.count("<svg") == sum(bool(one.phone) for one in load(ROOT).contacts.values())
    assert re.findall(r'href="(?!tel:|mailto:|#phones"|index\.html")', html) == []
