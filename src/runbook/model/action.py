"""What may change a target, and what is kept of having done so."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from runbook.model.base import Frozen, Slug, Slugs, Text
from runbook.model.diagnosis import Change
from runbook.model.evidence import Verdict
from runbook.model.scenario import Argv, RuntimeKind
from runbook.model.target import ServiceRole
from runbook.words import say

ACTION_TYPE = "application/vnd.runbook.action+json"
"""The media type under which a notebook leaves what became of its action."""

REMEDIATION = "remediation"
"""The notebook every action is executed by: it stands where a scenario stands in a record."""

Seconds = Annotated[int, Field(gt=0, le=900, strict=True)]
Option = Literal["tag", "reason", "replicas"]
"""What a person may say of how an action is done."""

EffectKind = Literal[
    "restarted", "running", "image", "replicas", "provider", "configuration", "restored"
]
"""How one sees that an action has done what it says."""


class Effect(Frozen):
    """The proof that an action has done what it says, and within how many seconds it shows."""

    kind: EffectKind
    within: Seconds
    wanted: Text | None = Field(
        default=None, description="the provider that must be in use, or `!` and one that must not"
    )


class Answer(Frozen):
    """What to answer once the command has asked; it is given a terminal to ask at."""

    asked: Text
    answer: Text


class WayBack(Frozen):
    """How to undo an action: in words, with the words after `runbook act` where there are any."""

    say: Text
    act: Argv | None = None


class Action(Frozen):
    """What can be done at a target, in the words of each runtime that can do it.

    Without an effect it only looks.  With one it changes the target: it names what it destroys, the
    scenarios whose evidence is taken before, and the way back.  It is done to one of `services`,
    which a person names, or always to those it `touches`.  `options` are what a person may say, as
    it is unless they do; empty is nothing, and `added` are the words for those that are said.
    """

    title: Text
    commands: dict[RuntimeKind, Argv] = Field(min_length=1)
    by_hand: dict[RuntimeKind, Argv] = Field(
        default_factory=dict, description="what a person types, where that is shorter"
    )
    effect: Effect | None = None
    limit: Seconds = 60
    destroys: Text | None = None
    evidence: Slugs = ()
    services: tuple[ServiceRole, ...] = ()
    touches: tuple[ServiceRole, ...] = ()
    keeps_provider: bool = Field(
        default=False,
        strict=True,
        description="the command makes the API's containers anew: with the provider they use now",
    )
    options: dict[Option, str] = Field(default_factory=dict)
    added: dict[Option, Argv] = Field(default_factory=dict)
    asks: Answer | None = None
    undo: WayBack | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.effect and not (self.destroys and self.evidence and self.undo):
            raise ValueError(say("data.action_half"))
        if self.effect and bool(self.services) == bool(self.touches):
            raise ValueError(say("data.services_or_touches"))
        return self


class Outcome(StrEnum):
    """What became of an action; only its effect makes it effective."""

    EFFECTIVE = "effective"
    FAILED = "failed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"


class Acted(Frozen):
    """An action as it ended: what was executed, what it changed, and how one knows.

    `why` is that in a sentence.  `exit` is the command's, None where it was never started or did
    not end by itself; `before` and `after` say what the effect is read from; `checks` the
    verdict of all checks now, None where nobody looked.  `undo` is the command of the way back.
    """

    action: Slug
    title: str
    service: str | None = None
    target: str
    command: str
    directory: str | None = None
    outcome: Outcome
    why: str
    started: bool = False
    exit: int | None = None
    seconds: float = 0.0
    output: str = ""
    before: str = ""
    after: str = ""
    changes: tuple[Change, ...] = ()
    checks: Verdict | None = None
    undo: str | None = None
    evidence: str | None = None
