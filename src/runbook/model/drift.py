"""What the runbook says of a deployment, and where the deployment is otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from runbook.model.base import Frozen

ClaimKind = Literal[
    "check",
    "choice",
    "compose",
    "container",
    "database",
    "edge",
    "field",
    "file",
    "flag",
    "folder",
    "host",
    "image",
    "limit",
    "listener",
    "metric",
    "option",
    "patience",
    "port",
    "privilege",
    "program",
    "role",
    "route",
    "scale",
    "script",
    "service",
    "subcommand",
    "unit",
    "user",
    "variable",
    "verb",
]


class Claim(Frozen):
    """One thing the runbook takes for granted of a deployment, and where it is written.

    `where` is `file:line:col`.  `of` is what the thing belongs to: the script of a flag, the
    service of a program, the value of a variable.  `beside` are the other words of the same that
    the runbook uses.
    """

    where: str
    kind: ClaimKind
    name: str
    of: str = ""
    beside: tuple[str, ...] = ()


class Drift(Frozen):
    """A claim that does not hold: what there is instead, and why that matters.

    `also` are the other places where the same is written.
    """

    where: str
    kind: ClaimKind
    code: str
    name: str
    found: str
    why: str
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.found}{self.why}"


class NotCompared(Frozen):
    """Claims of one kind that were not looked at: how many, and why not."""

    kind: str
    count: int
    reason: str


class Comparison(Frozen):
    """The runbook against one target at one moment.

    `edition` is a hash of what the runbook said then.  `notes` are true of the deployment and
    worth knowing, and nothing to mend; `unseen` could not be looked at; `elsewhere` cannot be asked
    of such a deployment.
    """

    target: str
    title: str
    at: datetime
    seconds: float
    claims: int
    edition: str
    drift: tuple[Drift, ...] = ()
    notes: tuple[Drift, ...] = ()
    unseen: tuple[NotCompared, ...] = ()
    elsewhere: tuple[NotCompared, ...] = ()
