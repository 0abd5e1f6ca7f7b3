"""What happened in an incident, one event a line of its log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from runbook.model.action import Outcome
from runbook.model.base import Frozen, Slug, Text, like
from runbook.model.evidence import Verdict
from runbook.model.people import Duration
from runbook.model.record import RunState

Kind = Literal["real", "drill", "test"]
RecordName = Annotated[str, like(r"^[0-9]{6}(-[a-z0-9]+)+$", "030412-database-connection")]
"""The name of a record in its incident; a file of that name is written where a run died."""

Files = dict[str, str]
"""Names of files in the incident's folder, each with its SHA-256 in hex."""


class Happened(Frozen):
    """`at` is when it happened, `written` when somebody said so; `late` where that was after it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime
    written: datetime | None = None
    late: bool = False
    by: str | None = None
    n: int = 0

    @property
    def facts(self) -> dict[str, Any]:
        """The event as it stands in a line; its number is the line's."""
        return self.model_dump(mode="json", exclude={"n"}, exclude_defaults=True) | {
            "event": getattr(self, "event", None)
        }


class OnCall(Frozen):
    """Who had duty then, by name in `contacts.yml` and as they are called."""

    primary: str
    primary_name: str
    secondary: str
    secondary_name: str


class Level(Frozen):
    """A severity with the deadlines it had at that moment."""

    severity: str
    respond_within: Duration
    resolve_within: Duration


class Opened(Happened):
    event: Literal["open"] = "open"
    kind: Kind
    title: Text
    level: Level
    impact: str | None = None
    scenario: Slug | None = None
    target: str | None = None
    commander: str
    commander_name: str
    on_call: OnCall | None = None


class Acknowledged(Happened):
    event: Literal["ack"] = "ack"


class Noted(Happened):
    event: Literal["note"] = "note"
    text: Text


class LevelChanged(Happened):
    event: Literal["severity"] = "severity"
    level: Level
    why: Text


class Mitigated(Happened):
    event: Literal["mitigate"] = "mitigate"
    text: Text


class Resolved(Happened):
    event: Literal["resolve"] = "resolve"
    text: Text
    cause: str | None = None


class Process(Frozen):
    """A process on one machine: its number may be taken again, with its beginning it is unique.

    `began` is in seconds since the machine was started, which stay when its clock is set.
    """

    host: str
    pid: int
    began: float


class RunStarted(Happened):
    event: Literal["run-started"] = "run-started"
    record: RecordName
    scenario: Slug
    target: str
    deadline: float
    process: Process
    action: str | None = None


class RunEnded(Happened):
    """The end of a run; `action` is what a remediation was to do."""

    event: Literal["run"] = "run"
    record: str
    scenario: Slug
    target: str
    state: RunState
    verdict: Verdict | None = None
    confirmed: tuple[str, ...] = ()
    files: Files = Field(default_factory=dict)
    action: str | None = None


class ActionStarted(Happened):
    """The evidence is safe, and the command is about to be executed.

    `action` is its title; whatever dies from here on, nobody knows what was done.
    """

    event: Literal["acting"] = "acting"
    record: RecordName
    action: str
    target: str
    command: str
    limit: int
    files: Files = Field(default_factory=dict)


class ActionEnded(Happened):
    """What became of it, and in a sentence why that is known; `exit` is the command's."""

    event: Literal["acted"] = "acted"
    record: RecordName
    action: str
    target: str
    outcome: Outcome
    effect: str
    seconds: float
    exit: int | None = None


class Delivery(Frozen):
    """One message to one channel: whether it was taken, at which try, and what was answered."""

    channel: str
    title: str
    taken: bool
    tries: int
    answer: str


class MessageSent(Happened):
    event: Literal["message"] = "message"
    template: Slug
    title: str
    text: str
    deliveries: tuple[Delivery, ...]


class Reported(Happened):
    event: Literal["report"] = "report"
    blanks: int
    files: Files


class Torn(Happened):
    """A writer died in the middle of a line; what there was of it."""

    event: Literal["torn"] = "torn"
    left: str


Event = Annotated[
    Opened
    | Acknowledged
    | Noted
    | LevelChanged
    | Mitigated
    | Resolved
    | RunStarted
    | RunEnded
    | ActionStarted
    | ActionEnded
    | MessageSent
    | Reported
    | Torn,
    Field(discriminator="event"),
]
_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


def event_of(facts: dict[str, Any]) -> Event | None:
    """The event a line of the log tells of; None where nobody knows its kind, or it is damaged."""
    try:
        return _EVENTS.validate_python(facts)
    except ValidationError:
        return None
