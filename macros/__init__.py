"""What the pages in `docs/` may call: registration only, the logic is in `runbook`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup
from mkdocs.exceptions import PluginError

from runbook import freshness, oncall
from runbook.catalog import Catalog, load
from runbook.cli.moment import build_time
from runbook.diagnosis.steps import next_step
from runbook.errors import BadData
from runbook.model import Kind, NextStep, Step
from runbook.oncall.holidays import holidays
from runbook.render import (
    accuracy,
    benchmarks,
    channels,
    duty,
    lights,
    monitoring_page,
    notice,
    notice_form,
    outputs,
    pages,
    process_page,
    remedies,
    roster_page,
    scenario_page,
    severity_page,
)
from runbook.render.freshness import overdue_banner
from runbook.render.html import command
from runbook.render.page_facts import page_facts


def define_env(env: Any) -> None:
    """Make every function below known to the pages; bad data stops the build with all of it."""
    load.cache_clear()  # `mkdocs serve` comes here again after an edit of data/
    try:
        catalog = load(Path(env.project_dir))
    except BadData as error:
        raise PluginError(str(error)) from error
    _people(env, catalog)
    _scenarios(env, catalog)
    _handling(env, catalog)
    _handbook(env, catalog)


def on_post_page_macros(env: Any) -> None:
    """Every page ends in who answers for it, and says so once that was too long ago."""
    catalog = load(Path(env.project_dir))
    name = env.page.file.src_uri.removesuffix(".md")
    page = catalog.pages.get(name)
    if page:
        kind: Kind = "scenario" if name.startswith("scenarios/") else "page"
        owner = catalog.contacts[page.owner].name
        until = page.reviewed + freshness.period(catalog, kind)
        env.markdown += f"\n\n{page_facts(page, owner)}\n{overdue_banner(page, until, owner)}\n"


def _people(env: Any, catalog: Catalog) -> None:
    contacts, rotation = catalog.contacts, catalog.rotation
    questions, levels, zone = catalog.questions, catalog.severities, rotation.tz.key
    env.macro(
        lambda: severity_page.severity_summary(questions, levels, "severity.html"),
        "severity_summary",
    )
    env.macro(lambda: severity_page.picker(questions, levels), "severity_picker")
    env.macro(
        lambda: severity_page.level_cards(
            levels, contacts, catalog.vendors, catalog.channels, zone
        ),
        "severity_levels",
    )
    env.macro(lambda: pages.severity_table(catalog.severities), "severity_table")
    env.macro(lambda: pages.contacts_table(contacts), "contacts_table")
    now = build_time().astimezone(rotation.tz)
    coming = oncall.coming(catalog.roster, now)
    env.macro(lambda: roster_page.rotation(rotation.rules_from(now.date()), contacts), "rotation")
    env.macro(
        lambda: lights.lights(now, coming[-1].until if coming else now, rotation.notice), "lights"
    )
    env.macro(lambda: notice_form.known_now(coming, contacts, zone), "known_now")
    env.macro(lambda shown: duty.duty_list(coming, contacts, holidays, shown), "duty_list")
    away = [one for one in catalog.overrides.leave if one.last >= now.date()]
    env.macro(lambda: roster_page.leave_list(away, contacts), "leave_list")


def _scenarios(env: Any, catalog: Catalog) -> None:
    known = outputs.outputs(catalog.root / "docs" / "assets" / "outputs.json")
    target, checks = catalog.target(catalog.production), catalog.checks
    titles = {slug: one.title for slug, one in catalog.scenarios.items()}

    def steps(of: tuple[Step, ...]) -> list[NextStep]:
        return [next_step(step, target, catalog.actions) for step in of]

    def causes(slug: str) -> Markup:
        found = catalog.scenario(slug).causes
        people = {name: one.name for name, one in (catalog.contacts | catalog.vendors).items()}
        nexts = {name: steps(cause.next) for name, cause in found.items()}
        return scenario_page.causes_table(found, checks, nexts, titles, people)

    def cards(folder: str) -> Markup:
        # Markdown takes each for a block of its own only where a line stands between them.
        return Markup("\n\n").join(
            scenario_page.scenario_card(slug, one, catalog.production, f"{folder}{slug}.html")
            for slug, one in catalog.scenarios.items()
        )

    def papermill(slug: str) -> Markup:
        return command(
            f"papermill notebooks/{slug}.ipynb /tmp/out.ipynb -p target {catalog.production}"
        )

    scenario = catalog.scenario
    env.macro(command, "command")
    env.macro(papermill, "papermill_command")
    env.macro(lambda slug: bool(scenario(slug).checks), "diagnosed")
    assets = catalog.root / "docs" / "assets"
    env.macro(lambda file: accuracy.accuracy(assets / file, titles), "accuracy")
    env.macro(lambda: benchmarks.benchmarks(assets / "benchmarks.json"), "benchmarks")
    env.macro(cards, "scenario_cards")
    env.macro(lambda: f"`runbook triage --target {catalog.production}`", "triage_command")
    env.macro(causes, "causes_table")
    env.macro(lambda slug: scenario_page.error_list(scenario(slug).causes), "error_list")
    env.macro(lambda slug: scenario(slug).title, "scenario_title")
    env.macro(lambda slug: scenario_page.paragraph(scenario(slug).meaning), "meaning")
    env.macro(lambda slug: scenario_page.paragraph(scenario(slug).impact), "impact")
    env.macro(lambda slug: scenario_page.paragraph(scenario(slug).symptom), "symptom")
    env.macro(lambda slug: scenario_page.run_command(slug, catalog.production), "run_command")
    env.macro(lambda slug: scenario_page.steps_list(steps(scenario(slug).undecided)), "undecided")
    env.macro(lambda slug: scenario_page.commands(scenario(slug).commands, known), "commands")
    env.macro(
        lambda slug: scenario_page.checks_table(scenario(slug).checks, checks), "checks_table"
    )


def _handbook(env: Any, catalog: Catalog) -> None:
    known = outputs.outputs(catalog.root / "docs" / "assets" / "outputs.json")
    speak, after, appendix = catalog.channels, catalog.after, catalog.appendix
    env.macro(lambda: channels.vendors_table(catalog.vendors), "vendors_table")
    env.macro(lambda: channels.channel_list(speak.internal), "internal_channels")
    env.macro(lambda: channels.item_list(speak.external.values()), "external_channels")
    env.macro(lambda: channels.ways_on(speak.internal), "ways_on")
    env.macro(lambda: channels.call_list(catalog.contacts), "call_list")
    env.macro(lambda: channels.item_list(after.report), "after_report")
    env.macro(lambda: channels.item_list(after.improvements), "after_improvements")
    env.macro(lambda: channels.item_list(after.sharing), "after_sharing")
    env.macro(lambda: scenario_page.commands(appendix.commands, known), "common_commands")
    env.macro(lambda: channels.item_list(appendix.files), "important_files")
    env.macro(lambda: channels.item_list(appendix.backups), "backups")


def _handling(env: Any, catalog: Catalog) -> None:
    known = outputs.outputs(catalog.root / "docs" / "assets" / "outputs.json")
    axes, watched, texts = catalog.axes, catalog.monitoring, catalog.templates
    scenario, vendors = catalog.scenario, catalog.vendors
    blanks = notice.blanks(texts.variables, catalog.severities)

    def template(name: str) -> Markup:
        return notice.template_block(notice.template_text(texts.templates[name], blanks))

    def first_notice(slug: str) -> Markup:
        first = scenario(slug).notice
        filled = {**blanks, **first.fill}
        return notice.template_block(notice.template_text(texts.templates[first.template], filled))

    def vendors_of(slug: str) -> Markup:
        return channels.vendors_table({name: vendors[name] for name in scenario(slug).vendors})

    def form(name: str) -> Markup:
        levels, slugs = catalog.severities, catalog.scenarios
        return notice_form.notice_form(name, texts.templates[name], texts.variables, levels, slugs)

    mailboxes = [one.address for one in catalog.channels.internal.values() if one.kind == "email"]
    env.macro(template, "template")
    env.macro(form, "notice_form")
    env.macro(lambda name: notice_form.copies(name, next(iter(mailboxes), None)), "notice_copies")
    env.macro(first_notice, "first_notice")
    env.macro(vendors_of, "vendors_of")
    env.macro(lambda name: remedies.axis_steps(axes[name], known, catalog.production), "axis")
    env.macro(lambda name: remedies.axis_title(axes[name]), "axis_title")
    env.macro(lambda slug: list(scenario(slug).remedies), "axes_of")
    env.macro(
        lambda slug, axis: remedies.scenario_remedies(
            scenario(slug).remedies[axis], axes[axis], known, catalog.production
        ),
        "remedies",
    )
    env.macro(lambda name: texts.templates[name].title, "template_title")
    env.macro(lambda page: process_page.phases(catalog.process, axes, page), "phases")
    env.macro(lambda: monitoring_page.indicators(watched), "indicators")
    env.macro(
        lambda: monitoring_page.alert_list(
            [one for _, one in watched.watched], catalog.scenarios, ""
        ),
        "thresholds",
    )
    env.macro(
        lambda slug: monitoring_page.alert_list(
            watched.leading_to(slug), catalog.scenarios, "../", lead=False
        ),
        "alerts_of",
    )
    env.macro(lambda: scenario_page.commands(watched.alerts, known), "alert_commands")
