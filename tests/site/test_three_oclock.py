"""At 03:00, on a phone with no network: who, how bad, what to run, what to say, tap by tap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
import yaml
from handmade import ROOT, SLUG, Built
from test_site_browser import opened

from runbook import oncall
from runbook.catalog import load

pytestmark = pytest.mark.browser

CATALOG = load(ROOT)
ZONE = CATALOG.rotation.tz
PHONE = {"width": 360, "height": 640}
NOW = datetime.now(UTC).replace(microsecond=0)
PASTED = yaml.safe_load((ROOT / "tests" / "cases" / "pasted.yml").read_text(encoding="utf-8"))


class Hand:
    """A responder's hand on the page: every tap and every field filled in is counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.taps = self.inputs = 0

    def tap(self, what: Any) -> None:
        what.click()
        self.taps += 1

    def answer(self, *answers: str) -> None:
        """The questions still to be answered, in their order."""
        asked = list(CATALOG.questions)[len(CATALOG.questions) - len(answers) :]
        for question, answer in zip(asked, answers, strict=True):
            self.tap(self.page.locator(f"[data-question={question}] [value={answer}]"))

    def fill(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True).locator("visible=true").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
        self.inputs += 1

    def pasted(self) -> str:
        return str(self.page.evaluate("navigator.clipboard.readText()"))


@contextmanager
def woken(browser: Any, built: Built, page: str = "index.html", **options: Any) -> Iterator[Hand]:
    """The page on a phone with its network cut, at a moment that stands still."""
    rights = ["clipboard-read", "clipboard-write"]
    context = {"viewport": PHONE, "offline": True, "permissions": rights, **options}
    with opened(browser, built.site / page.partition("#")[0], **context) as (tab, wrong):
        tab.set_default_timeout(10_000)
        tab.clock.set_fixed_time(NOW)
        tab.goto("about:blank")
        tab.goto(f"{(built.site / page.partition('#')[0]).as_uri()}#{page.partition('#')[2]}")
        yield Hand(tab)
        # Going on may cut short what the page before was still reading from its files.
        assert [one for one in wrong if not one.startswith("failed file:")] == []


def in_sight(what: Any) -> bool:
    box = what.bounding_box()
    return what.is_visible() and box["y"] + box["height"] <= PHONE["height"]


def wall(at: datetime, form: str = "%m-%d %H:%M") -> str:
    return at.astimezone(ZONE).strftime(form)


def test_the_first_screen_holds_who_is_on_call_and_the_ways_on(browser: Any, built: Built) -> None:
    on_duty = oncall.shift_at(CATALOG.roster, NOW)
    with woken(browser, built) as hand:
        shown = hand.page.locator(".rb-shift.rb-current")
        assert in_sight(shown)
        for name in (on_duty.primary, on_duty.secondary):
            person = CATALOG.contacts[name]
            assert person.name in shown.inner_text()
            call = shown.locator(f"a[href='tel:{person.phone.replace('-', '')}']")
            assert in_sight(call), "one tap calls"
        for level in CATALOG.severities:
            assert in_sight(hand.page.locator(f".rb-levels a[href$='={level}']"))
        for slug in CATALOG.scenarios:
            assert in_sight(hand.page.locator(f".rb-what a[href*='{slug}']"))
        for template in CATALOG.templates.templates:
            assert in_sight(hand.page.locator(f".rb-tell a[href='templates.html#{template}']"))


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (["P0"], "P0"),
        (["P1", "P0"], "P0"),
        (["P1", "P2"], "P1"),
        (["P3", "P3"], "P3"),
        (["P3", "unsure"], "P3"),
    ],
)
def test_a_level_with_its_deadlines_is_at_most_three_taps_away(
    browser: Any, built: Built, answers: list[str], level: str
) -> None:
    found = CATALOG.severities[level]
    with woken(browser, built) as hand:
        hand.tap(hand.page.locator(f".rb-levels a[href$='={answers[0]}']"))
        hand.answer(*answers[1:])
        assert hand.taps <= 3
        card = hand.page.locator(f".rb-level-card[data-level={level}]")
        card.locator("time").first.wait_for()
        assert hand.page.locator(".rb-level-card:visible").count() == 1
        times = card.locator("time").all_inner_texts()
        spans = (found.respond_within, found.resolve_within, found.update_every)
        assert times == [wall(NOW + span) for span in spans]
        told = card.inner_text()
        for name in found.tell:
            assert name not in CATALOG.contacts or CATALOG.contacts[name].name in told


def test_who_is_sure_of_nothing_is_told_the_worst(browser: Any, built: Built) -> None:
    with woken(browser, built, "severity.html") as hand:
        hand.answer(*["unsure"] * len(CATALOG.questions))
        worst = next(iter(CATALOG.severities))
        hand.page.locator(f".rb-level-card[data-level={worst}] time").first.wait_for()
        assert hand.taps <= 3


def test_the_clock_goes_on_after_a_reload_and_for_whoever_opens_the_link(
    browser: Any, built: Built
) -> None:
    first = next(iter(CATALOG.severities.values()))
    with woken(browser, built, "severity.html#reach=P0") as hand:
        left = hand.page.locator(".rb-level-card:visible .rb-left").first
        assert left.inner_text().endswith(f"{first.respond_within.seconds // 60}:00")
        link = hand.page.url
        hand.page.clock.set_fixed_time(NOW + first.respond_within + timedelta(seconds=61))
        hand.page.reload()
        assert hand.page.url == link
        assert left.inner_text() == "已超 1:01"
        hand.tap(hand.page.get_by_text("复制链接"))
        assert hand.pasted() == link
    with woken(browser, built, f"severity.html#{urlsplit(link).fragment}") as other:
        times = other.page.locator(".rb-level-card:visible time").first
        assert times.inner_text() == wall(NOW + first.respond_within)


def test_the_clock_starts_when_the_person_says_and_an_answer_can_be_taken_back(
    browser: Any, built: Built
) -> None:
    level = CATALOG.severities["P1"]
    began = NOW.replace(second=0) - timedelta(minutes=10)
    with woken(browser, built, "severity.html") as hand:
        hand.answer("P1", "P3")
        hand.fill("开始于", wall(began, "%Y-%m-%dT%H:%M"))
        hand.page.keyboard.press("Tab")
        times = hand.page.locator(".rb-level-card:visible time").first
        assert times.inner_text() == wall(began + level.respond_within)
        hand.page.go_back()
        assert (
            hand.page.locator(".rb-question:visible").get_attribute("data-question") == "business"
        )


def test_the_notebook_to_run_is_at_most_two_taps_away(browser: Any, built: Built) -> None:
    with woken(browser, built) as hand:
        hand.tap(hand.page.locator(f".rb-what a[href*='{SLUG}']"))
        copy = hand.page.locator(".rb-command").first.get_by_role("button")
        copy.scroll_into_view_if_needed()
        hand.tap(copy)
        assert hand.taps <= 2
        assert hand.pasted().strip() == f"runbook run {SLUG} --target production"


def test_a_first_notice_needs_at_most_three_inputs(browser: Any, built: Built) -> None:
    person = CATALOG.contacts[oncall.shift_at(CATALOG.roster, NOW).primary]
    level, scenario = CATALOG.severities["P0"], CATALOG.scenarios[SLUG]
    with woken(browser, built) as hand:
        hand.tap(hand.page.locator(".rb-tell .md-button").first)
        hand.fill("场景", SLUG)
        hand.fill("事故级别", "P0")
        hand.fill("详细描述", "下单页报 503")
        hand.tap(hand.page.get_by_role("button", name="飞书").first)
        assert hand.inputs <= 3
        said = hand.pasted()
        for fact in (
            "事故级别: P0",
            f"影响范围: {scenario.notice.fill['scope']}",
            f"开始时间: {wall(NOW, '%Y-%m-%d %H:%M:%S')}",
            f"预计恢复时间: {wall(NOW + level.resolve_within, '%Y-%m-%d %H:%M:%S')}",
            f"负责人: {person.name}",
            f"联系方式: {person.phone}/{person.email}",
            "详细描述:\n下单页报 503",
            wall(NOW + level.update_every),
        ):
            assert fact in said
        assert "【" not in said
        assert said == hand.page.locator(".rb-template").first.inner_text().strip()


def test_the_level_and_the_clock_come_along_from_the_page_of_the_level(
    browser: Any, built: Built
) -> None:
    began = NOW - timedelta(minutes=7)
    state = f"severity.html#level=P1&started={began.isoformat().replace('+', '%2B')}"
    with woken(browser, built, state) as hand:
        hand.tap(hand.page.locator("[data-write]:visible"))
        hand.fill("详细描述", "登录慢")
        hand.tap(hand.page.get_by_role("button", name="飞书").first)
        assert "事故级别: P1" in hand.pasted()
        assert f"开始时间: {wall(began, '%Y-%m-%d %H:%M:%S')}" in hand.pasted()
        assert "【" not in hand.pasted()


def test_what_is_not_filled_in_cannot_be_copied_unnoticed(browser: Any, built: Built) -> None:
    with woken(browser, built, f"templates.html#scenario={SLUG}") as hand:
        hand.page.evaluate("navigator.clipboard.writeText('')")
        copy = hand.page.get_by_role("button", name="Slack").first
        hand.tap(copy)
        assert hand.pasted() == ""
        level = hand.page.locator("#notice-level")
        assert level.evaluate("field => field === document.activeElement")
        assert level.get_attribute("aria-invalid") == "true"
        said = hand.page.locator(".rb-copies [role=status]").first.inner_text()
        assert "事故级别" in said and "详细描述" in said and "影响范围" not in said
        hand.tap(copy)
        assert "*事故级别:* 【未填】" in hand.pasted()
        hand.fill("事故级别", "P2")
        assert level.get_attribute("aria-invalid") is None


def test_what_a_person_wrote_is_never_written_over(browser: Any, built: Built) -> None:
    with woken(browser, built, "templates.html") as hand:
        hand.page.locator(".rb-known summary").first.click()
        hand.fill("影响范围", "只有海外用户")
        hand.fill("场景", SLUG)
        hand.fill("事故级别", "P0")
        text = hand.page.locator(".rb-template").first.inner_text()
        assert "影响范围: 只有海外用户" in text
        assert CATALOG.scenarios[SLUG].notice.fill["users"] in text


def test_a_link_that_says_nonsense_and_a_time_taken_away_leave_a_form_that_works(
    browser: Any, built: Built
) -> None:
    with woken(browser, built, "templates.html#level=P9&scenario=%22%3E&started=never") as hand:
        hand.fill("事故级别", "P0")
        hand.page.locator(".rb-known summary").first.click()
        hand.fill("开始时间", "")
        text = hand.page.locator(".rb-template").first.inner_text()
        assert "事故级别: P0" in text and "开始时间: 【未填】" in text
        assert "预计恢复时间: 【未填】" in text
    with woken(browser, built, "severity.html#level=P9&reach=%22%5D&business=x") as hand:
        hand.page.locator(".rb-level-card[data-level=P0] time").first.wait_for()


def test_where_the_browser_has_no_clipboard_the_text_is_copied_the_old_way(
    browser: Any, built: Built
) -> None:
    with woken(browser, built, f"templates.html#level=P0&scenario={SLUG}") as hand:
        hand.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        hand.fill("详细描述", "下单页报 503")
        hand.tap(hand.page.get_by_role("button", name="短信").first)
        assert "已复制" in hand.page.locator(".rb-copies [role=status]").first.inner_text()
        hand.page.get_by_label("详细描述", exact=True).first.fill("")
        hand.page.keyboard.press("Control+V")
        pasted = hand.page.get_by_label("详细描述", exact=True).first.input_value()
        assert pasted.startswith("P0 ")
        hand.page.evaluate("document.execCommand = () => false")
        hand.fill("详细描述", "又一次")
        hand.tap(hand.page.get_by_role("button", name="短信").first)
        assert hand.page.locator("textarea.rb-selected").input_value() == pasted


def test_what_people_write_is_no_markup_wherever_it_is_pasted(browser: Any, built: Built) -> None:
    values = {"a": PASTED["written"], "b": "好"}
    made = "([place, message, values]) => formats[place](message, values)"
    with woken(browser, built, "templates.html") as hand:
        for place, expected in PASTED["places"].items():
            given = [place, PASTED["message"], values]
            assert hand.page.evaluate(made, given) == expected, place


def test_mail_and_sms_open_with_all_that_was_written(browser: Any, built: Built) -> None:
    message = {"text": "甲: {a}\n乙", "subject": "[{a}]", "short": "{a}"}
    hostile = "a&body=b\r\nBcc: x@y.z?#%20\n👩‍🚒"
    made = "([format, message, values]) => formats[format](message, values, 'in@x.cn')"
    with woken(browser, built, "templates.html") as hand:
        mail = urlsplit(hand.page.evaluate(made, ["mailto", message, {"a": hostile}]))
        assert (mail.scheme, mail.path, mail.fragment) == ("mailto", "in@x.cn", "")
        told = parse_qs(mail.query, strict_parsing=True)
        assert set(told) == {"subject", "body"}
        assert told["subject"] == ["[a&body=b Bcc: x@y.z?#%20 👩‍🚒]"]
        assert told["body"][0].replace("\r", "") == f"甲: {hostile}\n乙".replace("\r", "")
        sms = hand.page.evaluate(made, ["smsto", message, {"a": "甲&乙#丙"}])
        assert unquote(sms) == "sms:?body=甲&乙#丙" and "#" not in sms


def test_a_time_on_the_wall_is_the_same_instant_as_elsewhere(browser: Any, built: Built) -> None:
    there, back = "one => moments.instant(...one)", "one => moments.wall(...one)"
    with woken(browser, built) as hand:
        for zone, text in (
            ("Asia/Shanghai", "2026-11-24 03:12:00"),
            ("Europe/London", "2026-10-25 00:59:59"),
            ("Europe/London", "2026-10-25 02:00:00"),
            ("America/New_York", "2026-03-08 03:00:00"),
            ("America/New_York", "2026-03-08 01:59:00"),
        ):
            at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000
            assert hand.page.evaluate(there, [text, zone]) == at
            assert hand.page.evaluate(back, [at, zone]) == text


def test_the_lights_say_in_words_how_old_the_page_is_and_how_far_the_roster_reaches(
    browser: Any, built: Built
) -> None:
    with woken(browser, built) as hand:
        lights = hand.page.locator(".rb-lights li")

        def shown(at: datetime) -> list[str]:
            hand.page.clock.set_fixed_time(at)
            hand.page.reload()
            return [
                one.split("-")[-1]
                for one in lights.evaluate_all("all => all.map(one => one.className)")
            ]

        horizon = datetime.fromisoformat(lights.nth(1).get_attribute("data-at"))
        assert shown(NOW) == ["green", "green"]
        assert shown(NOW + timedelta(days=8)) == ["amber", "green"]
        assert shown(horizon - CATALOG.rotation.notice) == ["red", "amber"]
        assert shown(horizon) == ["red", "red"]
        assert "runbook oncall" in lights.nth(1).inner_text()


def test_without_scripts_names_phones_levels_commands_and_texts_are_there(
    browser: Any, built: Built
) -> None:
    with woken(browser, built, java_script_enabled=False) as hand:
        home = hand.page.locator("main").inner_text()
        for said in ("主值班", "+86-138", "P0", "15 分钟", "数据库连接失败", "runbook oncall"):
            assert said in home
        hand.tap(hand.page.locator(".rb-levels a").first)
        cards = hand.page.locator(".rb-level-card").all()
        assert len(cards) == len(CATALOG.severities) and all(one.is_visible() for one in cards)
        hand.page.goto((built.site / "templates.html").as_uri())
        assert "事故级别: P0/P1/P2/P3" in hand.page.locator(".rb-template").first.inner_text()
        assert not hand.page.locator(".rb-form, .rb-copies").first.is_visible()
