"""What a notebook plays on: one case opened, its findings shown, its conclusion drawn."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from IPython.display import display

from runbook.catalog import Catalog, find_root, load
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.errors import BadInput, RunbookError
from runbook.evidence import take
from runbook.model import DIAGNOSIS_TYPE, Absent, Diagnosis, Evidence, Finding, Target
from runbook.oncall import shift_at
from runbook.render.finding import (
    diagnosis_html,
    diagnosis_text,
    findings_html,
    findings_text,
)
from runbook.render.plot import edge_plot, memory_plot
from runbook.render.words import deadlines, to_tell
from runbook.words import listed, say

_STARTING = 3  # seconds of the deadline that a kernel needs to start and to conclude


@dataclass(frozen=True)
class Case:
    """One look at one target: the evidence is taken once, every cell reads the same."""

    slug: str
    catalog: Catalog
    target: Target | Absent
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]

    def show(self, *checks: str) -> None:
        """Display the findings of the named checks; raises BadInput for one not in the scenario."""
        by_name = {finding.check: finding for finding in self.findings}
        for name in checks:
            if name not in by_name:
                raise BadInput(say("case.no_check", check=name, known=listed(by_name)))
        findings = [by_name[name] for name in checks]
        display_as(findings_html(findings), findings_text(findings))

    def plot_memory(self) -> None:
        """Display how the memory of the services moved while it was looked at."""
        display_as(memory_plot(self.evidence), "")

    def plot_edge(self) -> None:
        """Display how long each phase of one visit through the edge took."""
        display_as(edge_plot(self.evidence), "")

    def conclude(self) -> None:
        """Display the conclusion, and leave the whole diagnosis for the record."""
        diagnosis = self.diagnosis
        checks = {name: check.title for name, check in self.catalog.checks.items()}
        urgency, on_call = self._urgency(diagnosis), self._on_call(diagnosis)
        told = to_tell(diagnosis.tell, self.catalog.contacts, self.catalog.vendors)
        titles = {slug: one.title for slug, one in self.catalog.scenarios.items()}
        calls = [on_call, told] if told else [on_call]
        display_as(
            diagnosis_html(diagnosis, checks, titles, urgency, calls, self.catalog.rotation.tz),
            diagnosis_text(diagnosis, urgency, calls),
            {DIAGNOSIS_TYPE: diagnosis.model_dump(mode="json")},
        )

    @property
    def diagnosis(self) -> Diagnosis:
        """What the findings say about every cause of the scenario."""
        return conclude(
            self.slug,
            self.catalog.scenario(self.slug),
            self.target,
            self.catalog.actions,
            self.findings,
            self.evidence,
        )

    def _urgency(self, diagnosis: Diagnosis) -> str:
        if diagnosis.severity is None:
            return ""
        return deadlines(diagnosis.severity, self.catalog.severities[diagnosis.severity])

    def _on_call(self, diagnosis: Diagnosis) -> str:
        try:
            shift = shift_at(self.catalog.roster, diagnosis.at)
        except ValueError as error:
            return str(error)
        primary = self.catalog.contacts[shift.primary]
        secondary = self.catalog.contacts[shift.secondary]
        return say(
            "case.on_call",
            primary=primary.name,
            primary_phone=primary.phone,
            secondary=secondary.name,
            secondary_phone=secondary.phone,
        )


def open_case(scenario: str, target: str, *, incident: str = "", deadline: int = 30) -> Case:
    """The case: every probe of the scenario asked side by side, its evidence judged.

    `deadline` is in seconds and bounds the whole run: collecting ends a little before it.  A name
    nobody knows, or data that cannot be trusted, ends the notebook with a message alone.
    """
    try:
        return _opened(scenario, target, incident, deadline)
    except RunbookError as error:
        without_traceback()
        raise error from None


def _opened(slug: str, name: str, incident: str, deadline: int) -> Case:
    catalog = load(find_root())
    scenario, target = catalog.scenario(slug), catalog.target(name)
    if not scenario.checks:
        raise BadInput(say("notebook.none", scenario=slug))
    probes = [probe for check in scenario.checks for probe in catalog.checks[check].reads]
    evidence = take(target, probes, max(1, deadline - _STARTING), catalog.public)
    findings = judge(scenario.checks, catalog.checks, evidence)
    at = evidence[0].at.astimezone(catalog.rotation.tz)
    opening = say(
        "case.opening",
        scenario=scenario.title,
        target=target.title,
        at=at.strftime("%Y-%m-%d %H:%M:%S %Z"),
        probes=len(evidence),
        seconds=f"{max(one.seconds for one in evidence):.1f}",
    )
    if incident:
        opening += say("case.incident", incident=incident)
    print(opening)
    return Case(slug, catalog, target, evidence, findings)


def display_as(html: str, text: str, more: dict[str, object] | None = None) -> None:
    """Show it in a cell: HTML where it can be, text elsewhere, and `more` for programs."""
    display({"text/html": html, "text/plain": text, **(more or {})}, raw=True)  # type: ignore[no-untyped-call]


def without_traceback() -> None:
    """Let IPython print our messages alone: a responder has no use for our frames."""
    shell = sys.modules["IPython"].get_ipython()
    if shell is not None:
        shell.set_custom_exc((RunbookError,), _brief)


def _brief(shell: object, kind: object, error: object, trace: object, tb_offset: object) -> None:
    print(error, file=sys.stderr)
