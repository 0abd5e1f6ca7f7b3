"""The failures we are ready for: what they mean, what may cause them, what to do next."""

from __future__ import annotations

import shlex
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from runbook.model.base import Distinct, Frozen, Slug, Slugs, Text, Texts, like
from runbook.model.evidence import Verdict
from runbook.model.notice import VariableName
from runbook.words import say

Ref = Annotated[str, like(r"^[a-z0-9-]+\.[a-z0-9-]+$", "database-port.refused")]
"""A signal of a check: `database-port.refused`."""

Refs = Annotated[tuple[Ref, ...], Distinct]

AlertName = Annotated[str, like(r"^[A-Z][A-Za-z0-9]*$", "DiskUsageHigh")]
"""The name of an alert in Prometheus, and of its page: `DiskUsageHigh`."""

Limit = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]

Argv = Annotated[tuple[Text, ...], Field(min_length=1)]
"""A command as its words, with `${...}` for what differs between deployments; never shell text."""


RuntimeKind = Literal["supervisor", "docker-compose"]
"""What keeps the services of a deployment running."""

COMMAND_NAMES = frozenset(
    {
        "service",
        "socket",
        "project",
        "api_service",
        "database_service",
        "ai_service",
        "frontend_service",
        "nginx_service",
        "api_url",
        "database_host",
        "database_name_host",
        "database_port",
        "database_name",
        "database_user",
        "database_data_dir",
        "edge_address",
        "edge_host",
        "edge_port",
        "edge_url",
        "ai_host",
        "ai_url",
        "api_port",
        "target",
    }
)
"""What a `${...}` in a command may stand for; a target fills them in."""


class SignalWords(Frozen):
    """What recognising a signal means, and the sentence that reports it (`{fact}` is filled in)."""

    verdict: Verdict
    observed: Text


class Check(Frozen):
    """The words and limits of one check; its judgement is code under the same name."""

    title: Text
    question: Text
    expected: Text
    reads: Slugs = Field(min_length=1)
    limits: dict[str, Limit] = Field(default_factory=dict)
    thresholds: dict[str, Slug] = Field(
        default_factory=dict, description="limits that are thresholds of monitoring.yml, by name"
    )
    signals: dict[Slug, SignalWords] = Field(min_length=1)

    @property
    def expectation(self) -> str:
        """What a healthy system answers, with the limits filled in."""
        return self.expected.format(
            **{name: f"{limit:.10g}" for name, limit in self.limits.items()}
        )


class Command(Frozen):
    """One thing to type, and why; `into` is what its output is piped into."""

    say: Text
    argv: Argv
    into: Argv | None = None

    @property
    def line(self) -> str:
        """The command as it is typed."""
        return " | ".join(shlex.join(argv) for argv in (self.argv, self.into) if argv)


class Step(Frozen):
    """What to do next: in words, with an action on a service or a command where there is one."""

    say: Text
    action: Slug | None = None
    service: Text | None = None
    argv: Argv | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.action and self.argv:
            raise ValueError(say("data.action_or_argv"))
        if (self.action is None) != (self.service is None):
            raise ValueError(say("data.action_and_service"))
        return self


class Cause(Frozen):
    """One possible cause: the signals it needs, those that exclude it, and what to do about it.

    Only a person can tell a cause that needs no signal; a scenario without checks has only these.
    """

    title: Text
    needs: Refs = ()
    excluded_by: Refs = ()
    severity: str
    belongs_to: Slug | None = Field(
        default=None, description="the scenario whose notebook says more of this cause"
    )
    tell: Slugs = Field(
        default=(),
        description="names in contacts.yml or vendors.yml, to tell beside who is on call",
    )
    next: tuple[Step, ...] = Field(min_length=1)
    errors: Texts = Field(
        default=(), description="what the stack prints when this is the cause, as it prints it"
    )


class Remedies(Frozen):
    """When an axis helps in this scenario, and which of its steps do; none where it does not."""

    when: Text
    use: Slugs = ()


class FirstNotice(Frozen):
    """The message to send first: a template, and what can be said before anything is known."""

    template: Slug
    fill: dict[VariableName, Text] = Field(min_length=1)


class Scenario(Frozen):
    """A failure we are ready for; people read its causes on the site, the machine runs the same.

    Without checks there is no notebook yet, and its causes are told apart by hand.
    """

    title: Text
    rank: int = Field(
        gt=0, strict=True, description="its place in lists: what happens most comes first"
    )
    symptom: Text
    meaning: Text
    impact: Text
    seconds: int | None = Field(
        default=None,
        gt=0,
        le=3600,
        strict=True,
        description="how long a run takes, for a person who waits",
    )
    alerts: Annotated[tuple[AlertName, ...], Distinct] = Field(min_length=1)
    checks: Slugs = ()
    causes: dict[Slug, Cause] = Field(min_length=1)
    remedies: dict[Slug, Remedies] = Field(min_length=1)
    undecided: tuple[Step, ...] = Field(min_length=1)
    vendors: Slugs = ()
    notice: FirstNotice
    commands: tuple[Command, ...] = ()
