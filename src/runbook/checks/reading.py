"""Reading evidence: what is there, or why nothing can be told from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import TypeIs

from runbook.model import Evidence
from runbook.words import say

Limits = Mapping[str, float]


NOT_TAKEN = 8
"""Connections in a queue that only grows so long where nobody takes them any more."""

AI_CHECKS = ("ai_provider", "aiProvider", "ai")
"""What deployments call their check of the AI provider."""


class CannotTell(Exception):
    """The evidence does not answer the question; the message says why."""


class Seen:
    """The evidence of a run by the name of its probe."""

    def __init__(self, evidence: Mapping[str, Evidence]) -> None:
        self._evidence = evidence

    def looked(self, probe: str) -> bool:
        """Whether the probe was asked at all; in older records not all of today's were."""
        return probe in self._evidence

    def saw(self, probe: str) -> dict[str, Any]:
        """What the probe saw; raises CannotTell where it could not look."""
        evidence = self._evidence.get(probe)
        if evidence is None:
            raise CannotTell(say("check.no_evidence", probe=probe))
        if evidence.error is not None:
            raise CannotTell(evidence.error)
        return dict(evidence.saw)

    def seconds(self, probe: str) -> str:
        """How long the look took, for a person to read."""
        return f"{self._evidence[probe].seconds:.2f}"


# supervisord's states in which there is a process (https://supervisord.org/subprocess.html), and
# that of a container which is paused: its process is there, and frozen.
ALIVE = frozenset({"RUNNING", "STARTING", "STOPPING", "PAUSED"})

WELL = frozenset({"healthy", "ok", "up", "pass"})
SICK = frozenset({"unhealthy", "error", "down", "fail", "failed"})
"""What readiness says of a dependency; that it is `degraded` is sick of a database alone."""


def age_of(seen: Seen, role: str) -> float | None:
    """The seconds that the process of the service has run; None where none runs, or is seen.

    Also None of one that its engine starts again and again: it will not come if one waits.
    """
    try:
        saw = seen.saw("services")
        service = saw["services"][role]
    except (CannotTell, KeyError):
        return None
    if service["state"] not in ALIVE or service.get("restarts", 0) > 1:
        return None
    return float(saw["now"] - service["since"])


def is_young(age: float | None, limits: Limits) -> TypeIs[float]:
    """Whether a process of that age may not listen yet."""
    return age is not None and age < limits["starting_seconds"]


def ready(seen: Seen) -> dict[str, Any]:
    """What readiness answered; raises CannotTell where it was silent."""
    saw = seen.saw("api-ready")
    if "status" not in saw:
        raise CannotTell(say("check.api_silent", url=saw["url"]))
    return saw


def readiness_of(seen: Seen, names: tuple[str, ...]) -> dict[str, Any]:
    """The API's own check of that name; raises CannotTell where it says nothing of it."""
    saw = ready(seen)
    checks = saw.get("checks", {})
    for one in names:
        if isinstance(checks.get(one), dict):
            return dict(checks[one])
    raise CannotTell(say("check.not_in_readiness", url=saw["url"], name=names[0]))
