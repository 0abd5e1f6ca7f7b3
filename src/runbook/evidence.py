"""Evidence as it may be kept and shown: taken side by side, then without a secret in it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

from runbook.access import secrets_of
from runbook.model import Absent, Evidence, Target
from runbook.redact import Redactor, environment_secrets


def redactor_for(targets: Iterable[Target | Absent], public: Collection[str]) -> Redactor:
    """Hides what these targets and the environment of this process keep secret.

    What the runbook itself publishes, phones and names among it, stays.
    """
    secrets = set(environment_secrets(dict(os.environ)))
    for target in targets:
        if not isinstance(target, Absent):
            secrets = secrets - target.public | secrets_of(target)
    return Redactor(frozenset(secrets) - frozenset(public), frozenset(public))


def take(
    target: Target | Absent,
    probes: Iterable[str],
    within: float,
    public: Collection[str] = (),
    at_once: int | None = None,
) -> tuple[Evidence, ...]:
    """What the probes saw of the target within that many seconds, redacted and cut to size.

    `at_once` as in `runbook.probes.collect`.
    """
    # Who only hides secrets, as the runner does, need not know how to look.
    from runbook.probes import collect
    from runbook.probes.look import TEXT_LIMIT

    redactor = redactor_for([target], public)
    return tuple(
        one.model_copy(
            update={
                "saw": redactor.tidy(one.saw, TEXT_LIMIT),
                "error": redactor.tidy(one.error, TEXT_LIMIT),
            }
        )
        for one in collect(target, probes, within, at_once)
    )
