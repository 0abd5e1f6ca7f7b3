"""The page, the command line, the JSON and the calendar name the same people at any instant."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import ics
import pytest
from handmade import ROOT, build

from runbook.catalog import Catalog, load
from runbook.oncall import coming, shift_at
from runbook.render.duty_facts import shift_facts
from tests.conftest import Runbook

SECOND = timedelta(seconds=1)
INSTANTS = 1000  # of each roster
ROSTERS = {  # with a moment of the build from which its handovers, changes and ends lie ahead
    "ours": datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
    "three-zones": datetime(2026, 10, 10, 12, 0, tzinfo=UTC),
}
# What somebody sees of the page at each of the instants, as the page is told of them.
SEEN = """instants => instants.map(instant => {
    Date.now = () => instant
    document.dispatchEvent(new Event("visibilitychange", {bubbles: true}))
    const list = document.querySelector(".rb-duty")
    const [warning] = [...list.querySelectorAll(".rb-stale")].filter(one => one.checkVisibility())
    const card = list.querySelector(".rb-current")
    return {
        warning: warning ? warning.className.split(" ").at(-1) : null,
        names: card ? [...card.querySelectorAll("b:not(.rb-now)")].map(one => one.innerText) : [],
        phones: card ? [...card.querySelectorAll("a")].map(one => one.getAttribute("href")) : [],
        next: card ? card.querySelector(".rb-next").innerText : null,
        now: card ? card.querySelector(".rb-now").checkVisibility() : false,
        since: card?.dataset.since, until: card?.dataset.until,
    }
})"""


@dataclass(frozen=True)
class Told:
    """A site with what it tells of duty, and the roster it was made from."""

    root: Path
    site: Path
    built: datetime
    environment: dict[str, str]

    @cached_property
    def catalog(self) -> Catalog:
        return load(self.root)

    @cached_property
    def feed(self) -> dict[str, Any]:
        return json.loads((self.site / "api" / "oncall.json").read_text(encoding="utf-8"))

    def facts(self, at: datetime) -> dict[str, Any]:
        return shift_facts(shift_at(self.catalog.roster, at), self.catalog.contacts)

    def events(self, file: str) -> list[ics.Event]:
        """The entries of a calendar, as a library reads them that did not write them."""
        calendar = ics.Calendar((self.site / file).read_text(encoding="utf-8"))
        return sorted(calendar.events, key=lambda one: one.begin)

    def instants(self) -> list[datetime]:
        """Every handover and the ends of every change, a second around each, and others."""
        shifts = coming(self.catalog.roster, self.built)
        edges = [one.since for one in shifts] + [shifts[-1].until]
        near = {edge.astimezone(UTC) + by for edge in edges for by in (-SECOND, 0 * SECOND, SECOND)}
        first, last = edges[0].astimezone(UTC), edges[-1].astimezone(UTC)
        pick, seconds = random.Random(6), int((last - first).total_seconds())
        while len(near) < INSTANTS:
            near.add(first + timedelta(seconds=pick.randrange(seconds)))
        return sorted(near)


@pytest.fixture(scope="module", params=ROSTERS)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, runbook: Runbook
) -> Told:
    root, built = tmp_path_factory.mktemp(request.param), ROSTERS[request.param]
    for folder in ("docs", "data", "macros", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "src" / "runbook").mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", root)
    for file in (ROOT / "tests" / "cases" / "rosters" / request.param).glob("*.yml"):
        shutil.copy(file, root / "data")
    environ = {"RUNBOOK_ROOT": str(root), "SOURCE_DATE_EPOCH": str(int(built.timestamp()))}
    done = build(root, root / "site", **environ)
    assert done.returncode == 0, done.stderr
    published = runbook("publish", str(root / "site"), **environ)
    assert published.returncode == 0, published.stderr
    return Told(root, root / "site", built, environ)


def on_duty(facts: dict[str, Any], field: str) -> list[str]:
    return [facts[role][field] for role in ("primary", "secondary")]


def test_the_json_says_what_the_command_line_says(told: Told, runbook: Runbook) -> None:
    shifts = told.feed["shifts"]
    horizon = datetime.fromisoformat(told.feed["horizon"])
    spans = [
        (datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"]))
        for one in shifts
    ]
    for at in told.instants():
        known = [
            one for one, (since, until) in zip(shifts, spans, strict=True) if since <= at < until
        ]
        if spans[0][0] <= at < horizon:
            assert known == [told.facts(at)], at
        else:
            assert known == [], at
    for at in random.Random(6).sample(told.instants()[3:-3], 3):
        done = runbook("oncall", "--json", "--at", at.isoformat(), **told.environment)
        assert json.loads(done.stdout) == {"at": at.isoformat(), **told.facts(at)}


@pytest.mark.parametrize(
    "files", [["oncall.ics"], ["oncall-primary.ics", "oncall-secondary.ics"], ["*"]]
)
def test_the_calendar_says_what_the_command_line_says(told: Told, files: list[str]) -> None:
    if files == ["*"]:
        files = [f"oncall/{one.name}" for one in (told.site / "oncall").iterdir()]
    held = [
        (event.name, event.begin.datetime, event.end.datetime)
        for file in files
        for event in told.events(file)
        if event.status == "CONFIRMED"
    ]
    horizon = datetime.fromisoformat(told.feed["horizon"])
    for at in told.instants():
        names = sorted(name for name, begin, end in held if begin <= at < end)
        if at < told.built - timedelta(weeks=1):
            continue  # the past is not what it is for
        expected = []
        if at < horizon:
            primary, secondary = on_duty(told.facts(at), "name")
            expected = sorted((f"主值班 {primary}", f"副值班 {secondary}"))
        assert names == expected, at


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index.html", "oncall.html"])
def test_the_page_says_what_the_command_line_says(told: Told, browser: Any, page: str) -> None:
    tab = browser.new_page()
    tab.goto((told.site / page).as_uri())
    instants = told.instants()
    seen = tab.evaluate(SEEN, [at.timestamp() * 1000 for at in instants])
    tab.close()
    first = datetime.fromisoformat(told.feed["shifts"][0]["since"])
    horizon = datetime.fromisoformat(told.feed["horizon"])
    nobody = {"names": [], "phones": [], "next": None, "now": False, "since": None, "until": None}
    for at, shown in zip(instants, seen, strict=True):
        if not first <= at < horizon:
            assert shown == {**nobody, "warning": "rb-early" if at < first else "rb-late"}, at
            continue
        facts = told.facts(at)
        until = datetime.fromisoformat(facts["until"])
        assert shown["warning"] is None and shown["now"], at
        assert shown["names"] == on_duty(facts, "name"), at
        assert shown["phones"] == [f"tel:{number}" for number in on_duty(facts, "tel")], at
        assert (shown["since"], shown["until"]) == (facts["since"], facts["until"]), at
        assert f"{until:%Y-%m-%d} " in shown["next"] and f"{until:%H:%M}" in shown["next"], at
        if until < horizon:
            incoming = told.facts(until)
            assert all(name in shown["next"] for name in on_duty(incoming, "name")), at


@pytest.fixture
def open_page(told: Told, browser: Any) -> Iterator[Any]:
    """The page of the roster, opened at that moment and left open."""
    context = browser.new_context()

    def opened(at: datetime) -> Any:
        page = context.new_page()
        page.clock.install(time=at)
        page.goto((told.site / "index.html").as_uri())
        return page

    yield opened
    context.close()


@pytest.mark.browser
def test_a_page_left_open_follows_the_handover_and_the_horizon(told: Told, open_page: Any) -> None:
    out, incoming, *_, last = told.feed["shifts"]
    page = open_page(datetime.fromisoformat(out["until"]) - 90 * SECOND)
    current = page.locator(".rb-current")
    assert current.get_attribute("data-until") == out["until"]
    page.clock.run_for(89_000)
    assert current.get_attribute("data-until") == out["until"]
    page.clock.run_for(1_000)
    assert current.get_attribute("data-since") == incoming["since"]
    assert incoming["primary"]["name"] in current.inner_text()
    # A phone that slept for months: its timers ran late, and once.
    slept = datetime.fromisoformat(last["until"]) - datetime.fromisoformat(incoming["since"])
    page.clock.fast_forward(int(slept.total_seconds() * 1000))
    assert page.locator(".rb-late").is_visible()
    assert page.locator(".rb-shift").locator("visible=true").count() == 0
    red = page.locator(".rb-late").evaluate("one => getComputedStyle(one).color")
    assert red in ("rgb(201, 42, 42)", "rgb(255, 135, 135)")


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index.html", "oncall.html"])
def test_without_scripts_the_coming_shifts_stand_there_with_their_dates(
    told: Told, browser: Any, page: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((told.site / page).as_uri())
    cards = tab.locator(".rb-shift").locator("visible=true")
    assert cards.count() == (4 if page == "index.html" else len(told.feed["shifts"]))
    for card, facts in zip(cards.all(), told.feed["shifts"], strict=False):
        text = card.inner_text()
        for edge in ("since", "until"):
            assert f"{datetime.fromisoformat(facts[edge]):%Y-%m-%d}" in text
        assert all(name in text for name in on_duty(facts, "name"))
    assert tab.locator(".rb-stale").locator("visible=true").count() == 0
    context.close()
