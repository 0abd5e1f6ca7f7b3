"""People look for the cause in the evidence of a real drill, and learn how near they came."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from handmade import HOSTILE, ROOT, Built, keep, record
from test_site_browser import opened

from runbook.catalog import load
from runbook.publish.exercises import exercise_page, publish_exercises
from runbook.records.reading import whole_record_of

DRILL = ROOT / "records" / "DRILL-20261125-01"
LOCK, HEALTHY, TWO = (
    "062035-database-connection",
    "062024-database-connection",
    "062116-network-connectivity",
)


def exercise(name: str, folder: Path) -> Path:
    """The page made of a record that is kept with the project."""
    kept = whole_record_of(DRILL / f"{name}.ipynb")
    assert kept and kept.diagnosis
    page = folder / f"{name}-exercise.html"
    page.write_text(exercise_page(load(ROOT), kept, kept.diagnosis, False), encoding="utf-8")
    return page


@pytest.mark.browser
def test_evidence_opens_step_by_step_and_the_time_is_kept(browser: Any, tmp_path: Path) -> None:
    page = browser.new_context().new_page()
    page.clock.set_fixed_time("2026-11-25T03:00:00")
    page.goto(exercise(LOCK, tmp_path).as_uri())
    steps, times = page.locator(".step > summary"), page.locator(".step > summary small")
    assert [one.is_visible() for one in steps.all()] == [True] + [False] * 12
    for at, second in enumerate(("00", "25", "50")):
        page.clock.set_fixed_time(f"2026-11-25T03:00:{second}")
        steps.nth(at).click()
        times.nth(at).wait_for()
    assert times.all_inner_texts() == ["0:00", "0:25", "0:50"]
    assert [one.is_visible() for one in steps.all()] == [True] * 4 + [False] * 9
    assert not page.locator("#conclusion .headline").is_visible()
    page.clock.set_fixed_time("2026-11-25T03:01:15")
    page.get_by_role("button").click()
    page.locator(".compared").wait_for()
    assert "用时 1:15，看了 3 / 13 项证据" in page.locator(".compared").inner_text()
    page.clock.set_fixed_time("2026-11-25T03:09:00")
    steps.nth(3).click()
    assert page.locator(".bar").inner_text().split() == ["1:15", "3", "/", "13"]
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "ticked", "said"),
    [
        (LOCK, ["lock-contention"], ["全对", "说对了： 长事务堵住了别的会话"]),
        (LOCK, ["lock-contention", "disk-full"], ["对了一部分", "不成立： 数据盘写满了"]),
        (LOCK, ["disk-full"], ["不对", "漏了： 长事务堵住了别的会话"]),
        (LOCK, [], ["没有作答", "漏了： 长事务堵住了别的会话"]),
        (LOCK, [""], ["不对", "漏了： 长事务堵住了别的会话"]),
        (HEALTHY, [""], ["全对", "以上都不成立"]),
        (HEALTHY, ["disk-full"], ["不对"]),
        (TWO, ["nothing-listening"], ["对了一部分", "漏了： 不是网络"]),
    ],
)
def test_what_a_person_says_is_compared_with_what_was_true(
    browser: Any, tmp_path: Path, name: str, ticked: list[str], said: list[str]
) -> None:
    with opened(browser, exercise(name, tmp_path)) as (page, wrong):
        for cause in ticked:
            page.locator(f"#answer input[value='{cause}']").check()
        page.get_by_role("button").click()
        page.locator(".compared").wait_for()
        shown = page.locator(".compared").inner_text()
        assert all(one in shown for one in said), shown
        assert page.locator("#conclusion .headline").is_visible()
        assert page.locator("#answer input:enabled").count() == 0
        assert wrong == []


@pytest.mark.browser
def test_without_scripts_it_is_a_page_of_nested_details(browser: Any, tmp_path: Path) -> None:
    page_file = exercise(LOCK, tmp_path)
    with opened(browser, page_file, java_script_enabled=False) as (page, wrong):
        steps = page.locator(".step > summary")
        for at in range(13):
            steps.nth(at).click()
        assert page.get_by_text("5 个会话在等锁").first.is_visible()
        assert not page.get_by_role("button").is_visible()
        assert not page.locator(".headline").is_visible()
        page.locator("#conclusion > summary").click()
        assert "长事务堵住了别的会话" in page.locator(".headline").inner_text()
        assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("guarded", [True, False])
def test_hostile_evidence_of_a_drill_runs_neither_with_the_policy_nor_without_it(
    browser: Any, built: Built, tmp_path: Path, guarded: bool
) -> None:
    name = "records/DRILL-20261124-01/044208-database-connection-exercise.html"
    html = (built.site / name).read_text(encoding="utf-8")
    file = tmp_path / "hostile.html"
    policy = 'http-equiv="Content-Security-Policy"'
    file.write_text(html if guarded else html.replace(policy, ""), encoding="utf-8")
    with opened(browser, file) as (page, wrong):
        page.locator(".step > summary").click()
        page.get_by_role("button").click()
        page.wait_for_function("!document.querySelector('.compared').hidden")
        assert page.evaluate("window.pwned") is None
        assert page.locator("script").count() == 1
        assert page.locator("iframe, form, object, embed, img, [onerror], [onload]").count() == 0
        assert "{{ 7*7 }}" in page.locator("main").inner_text()
        assert wrong == []


@pytest.mark.browser
def test_the_policy_lets_only_the_script_of_the_page_run(browser: Any, tmp_path: Path) -> None:
    file = exercise(LOCK, tmp_path)
    html = file.read_text(encoding="utf-8")
    file.write_text(html.replace("</body>", "<script>window.pwned = 1</script></body>"))
    with opened(browser, file) as (page, wrong):
        assert page.locator(".bar").is_visible()
        assert page.evaluate("window.pwned") is None
        assert any("Content Security Policy" in one for one in wrong)


def test_the_list_leads_to_every_drill_and_gives_none_away(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "exercises.html").write_text("<p>前</p><!-- runbook:exercises --><p>后</p>")
    keep(tmp_path / "records", record("INC-20261124-01"))
    keep(tmp_path / "records", record("DRILL-20261124-01", observed=HOSTILE))
    catalog = load(ROOT)
    assert publish_exercises(catalog, tmp_path / "records", site) == 1
    listing = (site / "exercises.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(records/[^"]+)"', listing)
    assert [(site / link).is_file() for link in links] == [True]
    assert "数据库进程没有运行" not in listing
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    assert publish_exercises(catalog, tmp_path / "records", site) == 1
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def test_a_drill_leads_from_the_list_of_records_to_its_exercises(built: Built) -> None:
    listing = (built.site / "records" / "index.html").read_text(encoding="utf-8")
    assert listing.count('href="../exercises-') == 1
    assert 'href="../exercises-2026-11.html#DRILL-20261124-01"' in listing
    for page in ("exercises.html", "exercises-2026-11.html"):
        assert 'id="DRILL-20261124-01"' in (built.site / page).read_text(encoding="utf-8")
