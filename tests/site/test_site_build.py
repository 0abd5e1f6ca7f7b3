"""The site is built whole or not at all, and everything on it comes from the data."""

from __future__ import annotations

import re
import shlex
import shutil
from html import unescape
from pathlib import Path

import pytest
from handmade import ROOT, SLUG, Built, build

from runbook.catalog import load


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for folder in ("docs", "data", "macros"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "src" / "runbook").mkdir(parents=True)  # mkdocs.yml watches it
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root


@pytest.mark.parametrize(
    "bad",
    [
        "{{ no_such_name }}",
        "{{ meaning('no-such-scenario') }}",
        "{% if %}",
        "[断](nowhere.md)",
        "[断](oncall.md#x)",
    ],
)
def test_a_page_that_cannot_be_rendered_stops_the_build(copy: Path, bad: str) -> None:
    page = copy / "docs" / "severity.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{bad}\n", encoding="utf-8")
    assert build(copy, copy / "site").returncode != 0


def test_bad_data_stops_the_build_with_every_problem(copy: Path) -> None:
    contacts = copy / "data" / "contacts.yml"
    text = contacts.read_text(encoding="utf-8")
    text = text.replace("+86-138-0000-0001", "138").replace("lisi@company.com", "lisi")
    contacts.write_text(text, encoding="utf-8")
    done = build(copy, copy / "site")
    assert done.returncode != 0
    assert "contacts.yml:7" in done.stderr
    assert "contacts.yml:14" in done.stderr
    assert not (copy / "site" / "index.html").exists()


def test_no_page_names_an_address_it_would_load_from(built: Built) -> None:
    loads = re.compile(r"""<(?:script|img|iframe|link)[^>]*(?:src|href)=["']?(https?:)?//""")
    for page in built.site.rglob("*.html"):
        assert not loads.search(page.read_text(encoding="utf-8")), page


def test_every_person_can_be_called_and_written_to(built: Built) -> None:
    page = text(built, "contacts.html", raw=True)
    for person in load(ROOT).contacts.values():
        assert f'href="tel:{person.phone.replace("-", "")}"' in page
        assert f'href="mailto:{person.email}"' in page
        assert all(fact in page for fact in (person.name, person.role, person.slack))


def test_every_level_is_there_with_its_deadlines_and_examples(built: Built) -> None:
    page = text(built, "severity.html")
    for name, level in load(ROOT).severities.items():
        facts = (name, level.title, level.label, level.impact, level.business, *level.examples)
        assert all(fact in page for fact in facts)
    for deadline in ("15 分钟内", "1 小时内", "30 分钟内", "4 小时内", "2 小时内", "72 小时内"):
        assert deadline in page


def test_the_scenario_page_holds_its_causes_its_checks_and_the_commands_of_the_handbook(
    built: Built,
) -> None:
    page, catalog = text(built, f"scenarios/{SLUG}.html"), load(ROOT)
    scenario = catalog.scenarios[SLUG]
    for cause in scenario.causes.values():
        assert cause.title in page
        assert all(step.say in page for step in cause.next)
    for check in scenario.checks:
        assert catalog.checks[check].question in page
    for command in scenario.commands:
        assert command.say in page
        assert shlex.join(command.argv) in page
    assert f"runbook run {SLUG} --target production" in page
    assert "docker-compose up -d postgres" in page
    assert "${" not in page
    assert "{limit" not in page


def test_every_alert_has_its_page_and_every_way_between_them_leads_somewhere(built: Built) -> None:
    catalog = load(ROOT)
    names = {watched.alert.name for _, watched in catalog.monitoring.watched}
    assert {page.name for page in (built.site / "a").iterdir()} == names
    for _, watched in catalog.monitoring.watched:
        page = built.site / "a" / watched.alert.name / "index.html"
        scenario = built.site / "scenarios" / f"{watched.alert.scenario}.html"
        links = {
            (file, (file.parent / href).resolve())
            for file in (page, scenario, built.site / "monitoring.html")
            for href in re.findall(r'href="([^"#:]+\.html)"', file.read_text(encoding="utf-8"))
        }
        assert {to for _, to in links if not to.is_file()} == set()
        assert (page, scenario.resolve()) in links
        assert (scenario, page.resolve()) in links
        assert (built.site / "monitoring.html", page.resolve()) in links
        assert "<script" not in page.read_text(encoding="utf-8")


def test_the_successor_of_the_generator_makes_the_same_pages(built: Built, tmp_path: Path) -> None:
    done = build(ROOT, tmp_path, generator="properdocs")
    assert done.returncode == 0, done.stderr
    pages = {page.relative_to(tmp_path) for page in tmp_path.rglob("*.html")}
    assert len(pages) > len(load(ROOT).pages)
    for name in pages:
        assert article(tmp_path / name) == article(built.site / name), name


def article(page: Path) -> str:
    """The text of a page without the theme around it, as it was before the records were put in."""
    html = page.read_text(encoding="utf-8")
    html = re.sub(r"(?s)(<!-- runbook:(\S+) -->).*<!-- /runbook:\2 -->", r"\1", html)
    found = re.search(r"(?s)<article.*?</article>", html)
    return unescape(re.sub(r"<[^>]+>", "", found[0] if found else ""))


def test_chinese_headings_have_anchors_that_say_what_they_lead_to(built: Built) -> None:
    page = text(built, f"scenarios/{SLUG}.html", raw=True)
    for heading in ("含义", "影响", "症状", "诊断", "可能原因", "处置", "升级", "通报"):
        assert f'id="{heading}"' in page


def text(built: Built, page: str, raw: bool = False) -> str:
    html = (built.site / page).read_text(encoding="utf-8")
    return html if raw else unescape(re.sub(r"<[^>]+>", "", html))
