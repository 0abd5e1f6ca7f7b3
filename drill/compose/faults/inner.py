"""The network of compose: packets between its containers, and its name server."""

from __future__ import annotations

from drill.compose.deployment import Deployment
from drill.compose.faults.means import (
    address,
    detour,
    forget_sessions,
    in_turn,
    inside,
    login_failure,
    rule,
    status,
)
from drill.faults.sabotage import Sabotage
from drill.health import complains, healthy, provider_complaint, readiness, visit

_DROP = ("-j", "DROP")
_RESET = ("-j", "REJECT", "--reject-with", "tcp-reset")
_LOSE = ("-m", "statistic", "--mode", "random", "--probability", "0.4", *_DROP)
_TO_DATABASE = ("INPUT", "-p", "tcp", "--dport", "5432")
_TO_API = ("INPUT", "-p", "tcp", "--dport", "3001")
_TO_AI = ("INPUT", "-p", "tcp", "--dport", "8080")
_TO_EDGE = ("INPUT", "-p", "tcp", "--dport", "443")
_TO_RESOLVER = ("OUTPUT", "-d", "127.0.0.11")


def _prohibit(deployment: Deployment) -> None:
    route = ("ip", "route", "add", "prohibit", f"{address(deployment, 'postgres')}/32")
    inside(deployment, "api", *route)


def _asking_takes(deployment: Deployment, whom: str = "database") -> float:
    """How long the API waits for its database, or for its provider, in milliseconds."""
    check = readiness(deployment).get("checks", {}).get(whom, {})
    return float(check.get("duration", 0))


SABOTAGES = {
    "database-drops-the-api": Sabotage(
        rule("postgres", *_TO_DATABASE, *_DROP, sees="api"),
        lambda one: complains(one, "") and not login_failure(one),
    ),
    "database-rejects-the-api": Sabotage(
        in_turn(rule("postgres", *_TO_DATABASE, *_RESET, sees="api"), forget_sessions),
        lambda one: complains(one, "refused") and not login_failure(one),
    ),
    "api-may-not-send": Sabotage(
        in_turn(_prohibit, forget_sessions),
        lambda one: complains(one, "") and not login_failure(one),
    ),
    "database-far-away": Sabotage(
        in_turn(detour("api", "postgres", 5432, seconds=0.3), forget_sessions),
        lambda one: _asking_takes(one) > 500,
    ),
    "database-packets-lost": Sabotage(
        in_turn(detour("api", "postgres", 5432, loss=0.3), forget_sessions),
        lambda one: True,
    ),
    "database-port-closed-to-all": Sabotage(
        in_turn(forget_sessions, rule("postgres", *_TO_DATABASE, *_DROP)),
        lambda one: complains(one, "") and "timeout" in login_failure(one),
    ),
    "inner-names-unheard": Sabotage(
        in_turn(rule("api", *_TO_RESOLVER, *_DROP), forget_sessions),
        lambda one: complains(one, "name"),
    ),
    "edge-drops-users": Sabotage(
        rule("nginx", *_TO_EDGE, *_DROP), lambda one: "timed out" in str(visit(one))
    ),
    "edge-loses-packets": Sabotage(
        in_turn(rule("nginx", *_TO_EDGE, *_LOSE)), lambda one: visit(one) is not None
    ),
    "api-drops-the-edge": Sabotage(
        rule("api", *_TO_API, *_DROP, sees="nginx"), lambda one: status(one) == 504
    ),
    "api-far-from-the-edge": Sabotage(
        detour("nginx", "api", 3001, seconds=0.3), lambda one: status(one) == 200
    ),
    "ai-drops-the-api": Sabotage(
        rule("ai", *_TO_AI, *_DROP, sees="api"), lambda one: provider_complaint(one) is not None
    ),
    "ai-far-away": Sabotage(
        detour("api", "ai", 8080, seconds=0.35),
        lambda one: _asking_takes(one, "ai_provider") > 500,
    ),
    "a-little-delay": Sabotage(
        in_turn(detour("api", "postgres", 5432, seconds=0.01), forget_sessions), healthy
    ),
}
