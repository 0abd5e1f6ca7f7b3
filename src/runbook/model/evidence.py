"""What was seen, and what it was judged to be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import Field, JsonValue

from runbook.model.base import Frozen, Slug


class Verdict(StrEnum):
    """PASS < WARN < UNKNOWN < FAIL: not knowing is worse than a warning and never green."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a secret
    WARN = "WARN"
    UNKNOWN = "UNKNOWN"
    FAIL = "FAIL"

    @staticmethod
    def worst(verdicts: Iterable[Verdict]) -> Verdict:
        """The worst of the verdicts; UNKNOWN where nothing was judged."""
        order = list(Verdict)
        return max(verdicts, key=order.index, default=Verdict.UNKNOWN)


class Evidence(Frozen):
    """What one probe saw of a target, when, and how long it took.

    `error` says why the probe could not look at all, and then `saw` is empty: a system that
    answers badly was looked at, and its bad answer is in `saw`.
    """

    probe: Slug
    at: datetime
    seconds: float = Field(ge=0)
    saw: dict[str, JsonValue] = Field(default_factory=dict)
    error: str | None = None


class Judgement(NamedTuple):
    """What a check recognised: a signal, with the facts for its sentence."""

    signal: str
    facts: dict[str, Any]


class Finding(Frozen):
    """The answer to one question about the target: expected beside observed."""

    check: Slug
    title: str
    question: str
    verdict: Verdict
    signal: str | None
    expected: str
    observed: str

    @property
    def ref(self) -> str | None:
        """The signal as causes name it, `check.signal`; None where nothing was recognised."""
        return None if self.signal is None else f"{self.check}.{self.signal}"
