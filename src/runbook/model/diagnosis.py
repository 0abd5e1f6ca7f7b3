"""What the findings say about the causes, and what to do next."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from runbook.errors import Exit
from runbook.model.base import Frozen, Slug
from runbook.model.evidence import Evidence, Finding, Verdict
from runbook.model.target import Absent, Target

DIAGNOSIS_TYPE = "application/vnd.runbook.diagnosis+json"
"""The media type under which the last cell leaves the diagnosis: the proof that it was reached."""


class CauseState(StrEnum):
    """What is known of a cause after looking."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    RULED_OUT = "ruled out"
    NOT_TESTED = "not tested"


class JudgedCause(Frozen):
    """A cause, its state, and the signals that put it there.

    `seen` are the needed signals that were recognised, `against` what spoke against the cause,
    `unseen` the signals, needed or excluding, whose check could not tell.  `belongs_to` is the
    scenario whose notebook says more of it.
    """

    id: Slug
    title: str
    state: CauseState
    seen: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    belongs_to: Slug | None = None


class NextStep(Frozen):
    """One thing to do now on this target: in words, and the exact command where there is one."""

    say: str
    command: str | None = None


class Diagnosis(Frozen):
    """Every cause of the scenario judged, with the evidence; what a record keeps of a run.

    `tell` are whom to tell, by their names in the data, beside who is on call;
    `deployment` is the target as it was then, so that the record can be judged again without it.
    """

    scenario: Slug
    target: str
    at: datetime
    findings: tuple[Finding, ...]
    causes: tuple[JudgedCause, ...]
    severity: str | None
    next: tuple[NextStep, ...]
    tell: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...]
    deployment: Target | Absent | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings."""
        return Verdict.worst(finding.verdict for finding in self.findings)

    @property
    def brief(self) -> Diagnosis:
        """What was concluded, without what it was concluded from."""
        return self.model_copy(update={"evidence": (), "deployment": None})

    def in_state(self, state: CauseState) -> tuple[JudgedCause, ...]:
        """The causes in that state, in the order of the scenario."""
        return tuple(cause for cause in self.causes if cause.state is state)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The scenarios that confirmed causes belong to, each once."""
        confirmed = self.in_state(CauseState.CONFIRMED)
        return tuple(dict.fromkeys(one.belongs_to for one in confirmed if one.belongs_to))

    @property
    def exit(self) -> Exit:
        """What a script may conclude: a cause, only warnings, nothing certain, or all well."""
        if self.in_state(CauseState.CONFIRMED):
            return Exit.CAUSE_FOUND
        return {
            Verdict.PASS: Exit.PASS,
            Verdict.WARN: Exit.WARNINGS,
            Verdict.UNKNOWN: Exit.INCONCLUSIVE,
            Verdict.FAIL: Exit.INCONCLUSIVE,
        }[self.verdict]


class Change(NamedTuple):
    """One thing that is different: what, as it was, and as it is; None where it was not seen."""

    what: str
    before: str | None
    now: str | None
