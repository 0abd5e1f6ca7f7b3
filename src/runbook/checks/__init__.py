"""Judging what was seen: pure, so that a record can be judged again with better rules.

A judgement is a function from the evidence of the probes a check reads, and the check's limits,
to the signal it recognises.  The check's words stand in `data/checks.yml` under the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from runbook.checks import ai, api, containers, database, edge, memory, network, restarts
from runbook.checks.reading import CannotTell, Limits, Seen
from runbook.model import Check, Evidence, Finding, Judgement, Verdict
from runbook.words import say

__all__ = ["JUDGEMENTS", "judge"]

JUDGEMENTS: dict[str, Callable[[Seen, Limits], Judgement]] = {
    "api-live": api.live,
    "api-database": api.database,
    "api-pool": api.pool,
    "api-readiness": api.readiness,
    "readiness-database": api.database_side,
    "readiness-ai": api.ai_side,
    "api-port": api.port,
    "api-owner": api.owner,
    "ai-name": ai.name,
    "ai-port": ai.port,
    "ai-answer": ai.answer,
    "ai-view": ai.view,
    "ai-budget": ai.budget,
    "edge-name": edge.name,
    "edge-resolver": edge.resolver,
    "edge-port": edge.port,
    "edge-latency": edge.latency,
    "edge-trust": edge.trust,
    "edge-dates": edge.dates,
    "edge-answer": edge.answer,
    "service-restarts": restarts.restarts,
    "memory-growth": memory.growth,
    "memory-limits": memory.limits_set,
    "host-memory": memory.host,
    "host-swap": memory.swap,
    "api-container": containers.container_of("api"),
    "database-container": containers.container_of("database"),
    "nginx-container": containers.container_of("nginx"),
    "frontend-container": containers.container_of("frontend"),
    "ai-container": containers.container_of("ai"),
    "container-health": containers.health,
    "container-image": containers.image,
    "container-limits": containers.limits_as_declared,
    "api-to-database": containers.path("api-to-database"),
    "api-to-ai": containers.path("api-to-ai"),
    "nginx-to-api": containers.path("nginx-to-api"),
    "container-dns": containers.dns,
    "nginx-upstream": containers.upstream,
    "database-name": network.database_name,
    "database-port": network.database_port,
    "database-process": database.process,
    "database-session": database.session,
    "database-connections": database.connections,
    "database-locks": database.locks,
    "database-writes": database.writes,
    "database-disk": database.disk,
}


def judge(
    names: Iterable[str], checks: Mapping[str, Check], evidence: Iterable[Evidence]
) -> tuple[Finding, ...]:
    """The findings of the named checks, in order; what could not be told is UNKNOWN."""
    seen = {one.probe: one for one in evidence}
    return tuple(_finding(name, checks[name], seen) for name in names)


def _finding(name: str, check: Check, seen: Mapping[str, Evidence]) -> Finding:
    signal: str | None = None
    verdict = Verdict.UNKNOWN
    try:
        signal, facts = JUDGEMENTS[name](Seen(seen), check.limits)
        words = check.signals[signal]
        verdict, observed = words.verdict, words.observed.format(**facts)
    except CannotTell as untold:
        observed = say("check.cannot_tell", reason=untold)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        # Evidence from a system we do not own may have any shape.
        signal = None
        reason = say("check.odd_evidence", detail=f"{type(error).__name__} {error}")
        observed = say("check.cannot_tell", reason=reason)
    return Finding(
        check=name,
        title=check.title,
        question=check.question,
        verdict=verdict,
        signal=signal,
        expected=check.expectation,
        observed=observed,
    )
