"""What is claimed beside what is there: a judge for every kind of claim, and no judge looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runbook.drift.applied import container_drifts
from runbook.drift.found import Found, drifts_of
from runbook.drift.judges import folder, outside, reached, services
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim, ClaimKind, Drift, NotCompared
from runbook.words import say

Judge = Callable[[Claim, Deployment, Target], Iterable[Found]]

JUDGES: dict[ClaimKind, tuple[Judge, str]] = {
    "check": (reached.check, "api"),
    "choice": (folder.choice, "folder"),
    "compose": (services.compose, "file"),
    "container": (services.container, "engine"),
    "database": (reached.database, "database"),
    "edge": (services.edge, "engine"),
    "field": (reached.field, "api"),
    "file": (folder.file, "folder"),
    "flag": (folder.flag, "folder"),
    "folder": (services.folder, "engine"),
    "host": (outside.host, ""),
    "image": (services.image, "images"),
    "limit": (services.limit, "file"),
    "listener": (reached.listener, "inside"),
    "metric": (reached.metric, "metrics"),
    "option": (outside.option, "help"),
    "patience": (reached.patience, "api"),
    "port": (services.port, "engine"),
    "privilege": (reached.privilege, "database"),
    "program": (reached.program, "inside"),
    "role": (outside.role, ""),
    "route": (reached.route, "api"),
    "scale": (services.scale, "file"),
    "script": (folder.script, "folder"),
    "service": (services.service, "file"),
    "subcommand": (folder.subcommand, "folder"),
    "unit": (outside.unit, "file"),
    "user": (reached.user, "database"),
    "variable": (services.variable, "changes"),
    "verb": (outside.verb, ""),
}
"""Who judges a claim of each kind, and the part of the deployment that must have been seen."""

_REACHED = "check database field metric patience privilege role route service user"
_ON_SUPERVISOR = frozenset(_REACHED.split())
"""The kinds that can be asked of services without containers."""

_NOTES = frozenset({"no_role", "unit_in_container"})
"""What is worth knowing, and nothing to mend."""


def compare(
    claims: tuple[Claim, ...], seen: Deployment, target: Target
) -> tuple[tuple[Drift, ...], tuple[Drift, ...], tuple[NotCompared, ...], tuple[NotCompared, ...]]:
    """The drifts, the notes, what could not be looked at, and what cannot be asked here."""
    found: list[tuple[Claim, Found]] = []
    unseen: list[tuple[str, str]] = []
    elsewhere: list[tuple[str, str]] = []
    for claim in claims:
        judge, part = JUDGES[claim.kind]
        if not _applies(claim, target):
            elsewhere.append((claim.kind, say("drift.only_containers")))
        elif part in seen.unseen and not _else_seen(claim, seen):
            unseen.append((claim.kind, seen.unseen[part]))
        elif judged := list(judge(claim, seen, target)):
            found += [(claim, one) for one in judged]
        elif part == "database" and seen.session:
            unseen.append(
                (claim.kind, say("probe.not_let_in", detail=seen.session.splitlines()[-1]))
            )
    if target.runtime.kind == "docker-compose" and "engine" not in seen.unseen:
        found += container_drifts(claims, seen, target)
    drift, notes = drifts_of(found, _NOTES)
    return drift, notes, _counted(unseen), _counted(elsewhere)


def _applies(claim: Claim, target: Target) -> bool:
    if target.runtime.kind == "docker-compose":
        return True
    typed = claim.kind == "route" and bool(claim.of)
    literal = claim.kind == "service" and not claim.of
    return claim.kind in _ON_SUPERVISOR and not typed and not literal


def _else_seen(claim: Claim, seen: Deployment) -> bool:
    """Whether what does run can answer where the compose file could not be read."""
    by_engine = claim.kind in ("service", "limit") and bool(seen.containers)
    return by_engine or (claim.kind == "service" and bool(seen.processes))


def _counted(items: Iterable[tuple[str, str]]) -> tuple[NotCompared, ...]:
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return tuple(
        NotCompared(kind=kind, count=count, reason=reason)
        for (kind, reason), count in counts.items()
    )
