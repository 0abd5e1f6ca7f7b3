"""What is kept of a run."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from runbook.errors import Exit
from runbook.model.action import Acted, Outcome
from runbook.model.base import Frozen, Slug, like
from runbook.model.diagnosis import CauseState, Diagnosis

INCIDENT = r"^(INC|DRILL|TEST)-[0-9]{8}-[0-9]{2}$"
IncidentId = Annotated[str, like(INCIDENT, "INC-20261124-01")]
"""`INC-20261124-01`; drills are `DRILL-...`, trials of the runbook
itself `TEST-...`; `-00` collects a day's runs without an incident."""


class RunState(StrEnum):
    """How far the notebook came."""

    COMPLETE = "complete"
    DEADLINE = "deadline"
    BROKEN = "broken"
    INTERRUPTED = "interrupted"
    KILLED = "killed"


class Record(Frozen):
    """One execution of a notebook as it is kept: where it stands, what it was, how it ended.

    The diagnosis is there exactly when the last cell was reached, or `action` where the notebook
    was to act and could tell what became of it: without either the run is incomplete, whatever else
    the file says.  `message` says why it is incomplete; `path` are the names of the records that
    led to this one, first to last.
    """

    incident: IncidentId
    name: str
    scenario: Slug
    title: str
    target: str
    target_title: str
    at: datetime
    seconds: float
    state: RunState
    message: str | None = None
    path: tuple[str, ...] = ()
    diagnosis: Diagnosis | None = None
    action: Acted | None = None

    @property
    def complete(self) -> bool:
        """Whether it came to its end."""
        acted = self.action is not None and self.action.outcome is not Outcome.INTERRUPTED
        return self.diagnosis is not None or acted

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The titles of the confirmed causes."""
        if self.diagnosis is None:
            return ()
        return tuple(cause.title for cause in self.diagnosis.in_state(CauseState.CONFIRMED))

    @property
    def exit(self) -> Exit:
        """What a script may conclude from this run."""
        if self.diagnosis is not None:
            return self.diagnosis.exit
        if self.action is not None:
            return {
                Outcome.EFFECTIVE: Exit.PASS,
                Outcome.FAILED: Exit.CAUSE_FOUND,
                Outcome.REFUSED: Exit.BAD_INPUT,
                Outcome.INTERRUPTED: Exit.INTERRUPTED,
            }[self.action.outcome]
        return {
            RunState.COMPLETE: Exit.BROKEN,
            RunState.BROKEN: Exit.BROKEN,
            RunState.DEADLINE: Exit.INCONCLUSIVE,
            RunState.INTERRUPTED: Exit.INTERRUPTED,
            RunState.KILLED: Exit.INTERRUPTED,
        }[self.state]
