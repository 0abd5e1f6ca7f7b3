"""Reading evidence: what is there, or why nothing can be told from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runbook.model import Evidence
from runbook.words import say

Limits = Mapping[str, float]


class CannotTell(Exception):
    """The evidence does not answer the question; the message says why."""


class Seen:
    """The evidence of a run by the name of its probe."""

    def __init__(self, evidence: Mapping[str, Evidence]) -> None:
        self._evidence = evidence

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
