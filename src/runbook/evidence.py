"""Evidence as it may be kept and shown: taken side by side, then without a secret in it."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.model import Absent, Evidence, Target
from runbook.probes import collect
from runbook.probes.look import TEXT_LIMIT, secrets_of
from runbook.redact import tidy


def take(target: Target | Absent, probes: Iterable[str], within: float) -> tuple[Evidence, ...]:
    """What the probes saw of the target within that many seconds, redacted and cut to size."""
    secrets = frozenset[str]() if isinstance(target, Absent) else secrets_of(target)
    return tuple(
        one.model_copy(
            update={
                "saw": tidy(one.saw, secrets, TEXT_LIMIT),
                "error": tidy(one.error, secrets, TEXT_LIMIT),
            }
        )
        for one in collect(target, probes, within=within)
    )
