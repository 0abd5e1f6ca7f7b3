"""The handbook for paper: one page that needs no other file, which Chromium makes an A4 PDF of."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from itertools import islice
from pathlib import Path

from markupsafe import Markup

from runbook.catalog import Catalog
from runbook.diagnosis.steps import next_step
from runbook.model import NextStep, Scenario, Step
from runbook.oncall import coming
from runbook.publish.write import write
from runbook.records.page import rendered
from runbook.render import channels, notice, pages, print_pack, remedies, scenario_page
from runbook.render.html import command
from runbook.words import say

_SHIFTS = 8  # as many weeks as a print is used before it is made again


def publish_print(catalog: Catalog, site: Path, now: datetime) -> None:
    """`print.html`, as it is true at that time."""
    write(site / "print.html", print_page(catalog, now))


def print_page(catalog: Catalog, now: datetime) -> str:
    """The whole HTML; the head of a page on paper says when it was made, how far duty is told."""
    shifts = list(islice(coming(catalog.roster, now), _SHIFTS))
    until = print_pack.moment(shifts[-1].until) if shifts else say("page.none")
    texts, speak, axes = catalog.templates, catalog.channels, catalog.axes.values()
    blanks = notice.blanks(texts.variables, catalog.severities)
    style = resources.files("runbook.publish").joinpath("print.css").read_text(encoding="utf-8")
    return rendered(
        "runbook.publish",
        "print.html",
        style=Markup(style),  # noqa: S704 - ours
        made=f"{now:%Y-%m-%d}",
        until=until,
        shifts=print_pack.shift_table(shifts, catalog.contacts),
        summary=print_pack.level_table(catalog.severities),
        severity=pages.severity_table(catalog.severities),
        scenarios=[_scenario(catalog, slug, one) for slug, one in catalog.scenarios.items()],
        triage=command(f"runbook triage --target {catalog.production}"),
        ways_on=channels.ways_on(speak.internal),
        contacts=print_pack.contact_cards(catalog.contacts),
        vendors=channels.vendors_table(catalog.vendors),
        internal=channels.channel_list(speak.internal),
        external=channels.item_list(speak.external.values()),
        axes=[
            (remedies.axis_title(one), remedies.axis_steps(one, {}, catalog.production))
            for one in axes
        ],
        templates=[
            (one.title, notice.template_block(notice.template_text(one, blanks)))
            for one in texts.templates.values()
        ],
        say=lambda key, /, **facts: say(f"print.{key}", **facts),
    )


def _scenario(catalog: Catalog, slug: str, scenario: Scenario) -> dict[str, object]:
    target = catalog.target(catalog.production)

    def steps(of: tuple[Step, ...]) -> list[NextStep]:
        return [next_step(step, target, catalog.actions) for step in of]

    people = {name: one.name for name, one in (catalog.contacts | catalog.vendors).items()}
    titles = {name: one.title for name, one in catalog.scenarios.items()}
    nexts = {name: steps(cause.next) for name, cause in scenario.causes.items()}
    return {
        "title": scenario.title,
        "symptom": scenario.symptom,
        "run": scenario_page.run_command(slug, catalog.production) if scenario.checks else "",
        "by_hand": scenario_page.commands(scenario.commands, {}),
        "causes": print_pack.cause_rows(scenario.causes, catalog.checks, nexts, titles, people),
        "undecided": scenario_page.steps_list(steps(scenario.undecided)),
    }
