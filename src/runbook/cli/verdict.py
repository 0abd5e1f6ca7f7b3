"""A record on a terminal: what it means first, then why, then what to do."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from runbook.catalog import Catalog
from runbook.model import CauseState, Diagnosis, Record, Verdict
from runbook.render.finding import headline
from runbook.render.words import deadlines, to_tell
from runbook.words import brief, listed, say

_WIDEST = 120  # characters of an observation on a terminal; the record has all of it

COLOURS = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.UNKNOWN: "magenta",
    Verdict.FAIL: "red",
}


def show(record: Record, file: str, catalog: Catalog, console: Console) -> None:
    """Print the record for the responder who has just run it."""
    place = f"{record.title} · {record.target_title}"
    seconds = say("run.seconds", seconds=f"{record.seconds:.1f}")
    if record.diagnosis is None:
        console.print(f"[bold red]✗[/] {escape(place)} · {seconds}")
        console.print(Text(f"  {record.message}"), soft_wrap=True)
    else:
        _show_diagnosis(record.diagnosis, place, seconds, catalog, console)
    if record.path:
        path = say("run.then").join(record.path)
        console.print(Text(say("run.came_from", path=path), style="dim"), soft_wrap=True)
    console.print(Text(say("run.record", path=file), style="dim"), soft_wrap=True)


def _show_diagnosis(
    diagnosis: Diagnosis,
    place: str,
    seconds: str,
    catalog: Catalog,
    console: Console,
) -> None:
    colour = COLOURS[diagnosis.verdict]
    console.print(f"[bold {colour}]{diagnosis.verdict}[/] {escape(place)} · {seconds}")
    console.print(Text(headline(diagnosis), style=f"bold {colour}"), soft_wrap=True)
    if diagnosis.severity:
        severity = catalog.severities[diagnosis.severity]
        console.print(Text(deadlines(diagnosis.severity, severity)))
    _show_findings(diagnosis, console)
    probable = diagnosis.in_state(CauseState.PROBABLE)
    if probable and diagnosis.in_state(CauseState.CONFIRMED):
        titles = say("between.clause").join(cause.title for cause in probable)
        console.print(Text(say("run.also_probable", causes=titles)), soft_wrap=True)
    for number, step in enumerate(diagnosis.next, 1):
        console.print(Text(f"{number}. {step.say}"), soft_wrap=True)
        if step.command:
            console.print(Text(f"   $ {step.command}", style="cyan"), soft_wrap=True)
    if told := to_tell(diagnosis.tell, catalog.contacts, catalog.vendors):
        console.print(Text(told), soft_wrap=True)


def _show_findings(diagnosis: Diagnosis, console: Console) -> None:
    """What is wrong in full, what could not be seen and what is well in one line each."""
    by_verdict = {
        verdict: [one for one in diagnosis.findings if one.verdict is verdict]
        for verdict in Verdict
    }
    unknown, wrong = (
        by_verdict[Verdict.UNKNOWN],
        by_verdict[Verdict.FAIL] + by_verdict[Verdict.WARN],
    )
    # Without a cause, what could not be seen is what matters.
    if not wrong:
        wrong, unknown = unknown, []
    if wrong:
        table = Table(box=box.SIMPLE, pad_edge=False, show_lines=False)
        for head in ("verdict", "question", "expected", "observed"):
            table.add_column(say(f"finding.{head}"), overflow="fold")
        for finding in wrong:
            table.add_row(
                Text(finding.verdict, style=COLOURS[finding.verdict]),
                Text(finding.title),
                Text(finding.expected),
                Text(brief(finding.observed, _WIDEST)),
            )
        console.print(table)
    for key, findings in (("unseen", unknown), ("passed", by_verdict[Verdict.PASS])):
        if findings:
            titles = listed(finding.title for finding in findings)
            console.print(Text(say(f"run.{key}", titles=titles), style="dim"), soft_wrap=True)
