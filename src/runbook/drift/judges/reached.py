"""What answers: routes of the API, its readiness and metrics, ports inside, the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runbook.drift.found import Found, found
from runbook.drift.prose import EXPORTERS
from runbook.model import Target
from runbook.model.deployment import Answer, Deployment
from runbook.model.drift import Claim
from runbook.words import listed, nearest

_NO_ROUTE = (404, 410)
_REFUSED = (401, 403, 405)
_WELL = frozenset({"healthy", "degraded", "unhealthy"})
_MARGIN = 1.0  # seconds above the patience; a busy machine takes as long for nothing


def route(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The API has the route, and lets a GET in."""
    answer = seen.routes.get(f"{claim.of}{claim.name}")
    if answer is None:
        return
    if answer.status in _NO_ROUTE:
        others = listed(_elsewhere(claim.name, seen))
        yield found("no_route-other" if others else "no_route", status=answer.status, others=others)
    elif answer.status in _REFUSED:
        yield found("route_refused", status=answer.status)


def _elsewhere(route: str, seen: Deployment) -> Iterator[str]:
    asked = {path for path in seen.routes if path.startswith("/")}
    for path in sorted(asked - {route}):
        last = path.rsplit("/", 1)[-1]
        alike = last == route.rsplit("/", 1)[-1] or (path.startswith("/") and last in route)
        if alike and seen.routes[path].status not in (*_NO_ROUTE, *_REFUSED):
            yield path


def check(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """Readiness tells of the dependency, in the words that the judgements know."""
    answer = _readiness(seen, target)
    if answer is None:
        return
    checks = _checks(answer)
    if checks is None:
        yield found("not_readiness", route=target.api.routes.ready)
        return
    known = listed(sorted(checks))
    told = checks.get(claim.name)
    if told is None:
        yield found("no_check", known=known, hint=nearest(claim.name, checks))
    elif not isinstance(told, Mapping) or told.get("status") not in _WELL:
        status = told.get("status") if isinstance(told, Mapping) else told
        yield found("odd_status", status=status)


def patience(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """Readiness does not wait for the AI provider any longer than the target says."""
    patient = float(claim.name)
    answers = {target.api.routes.ready: _readiness(seen, target), **_other_readiness(seen, target)}
    for path, answer in answers.items():
        told = (_checks(answer) or {}) if answer else {}
        waited = [one.get("duration") for name, one in told.items() if _is_ai(name, one)]
        longest = max((float(one) / 1000 for one in waited if _is_number(one)), default=0.0)
        if longest > patient + _MARGIN:
            yield found("readiness_waits", route=path, seconds=f"{longest:.1f}")
    for service, shape in {name: one.shape for name, one in seen.services.items()}.items():
        for name, value in shape.environment.items():
            seconds = _seconds(value) if _is_patience(name) else None
            if seconds is not None and seconds > patient + _MARGIN:
                yield found("readiness_waits-set", service=service, variable=name, value=value)


def field(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The answer of the route has a number under that name."""
    answer = seen.routes.get(claim.of)
    if answer is None or answer.status in _NO_ROUTE or answer.status >= 500:
        return
    body = answer.body if isinstance(answer.body, dict) else {}
    if not _is_number(body.get(claim.name)):
        known = listed(sorted(body))
        yield found("no_field", route=claim.of, known=known, hint=nearest(claim.name, body))


def metric(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The API publishes the metric, with a series that has the label."""
    if claim.name.startswith(EXPORTERS) or not seen.metrics:
        return
    series = seen.metrics.get(claim.name)
    if series is None:
        hint = nearest(claim.name, seen.metrics)
        yield found("no_metric", route=target.api.routes.metrics, hint=hint)
    elif claim.of:
        label, given, value = claim.of.partition("=")
        if not any(label in one and (not given or one[label] == value) for one in series):
            there = sorted({one.get(label, "") for one in series if label in one})
            yield found("no_label", there=listed(there), labels=listed(sorted({*series[0]})))


def listener(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The service accepts connections at the port."""
    if seen.listens.get(f"{claim.of}:{claim.name}") is False:
        yield found("not_listening")


def program(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The container of the service has the program."""
    if seen.programs.get(f"{claim.of} {claim.name}") is False:
        yield found("no_program")


def user(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The database lets the target's account in, and knows every other."""
    own = claim.name == target.database.user
    if own and seen.session and _about_the_user(seen.session):
        yield found("no_login", detail=seen.session.splitlines()[-1])
    elif seen.roles and claim.name not in seen.roles:
        known = listed(seen.roles)
        yield found("no_user", known=known, hint=nearest(claim.name, seen.roles))


def database(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The server has the database."""
    own = claim.name == target.database.name
    if (own and "does not exist" in seen.session and "database" in seen.session) or (
        seen.databases and claim.name not in seen.databases
    ):
        yield found("no_database", known=listed(seen.databases))


def privilege(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The account sees the sessions of others."""
    if not seen.session and not seen.sees_all:
        yield found("no_privilege", user=target.database.user)


def _about_the_user(refusal: str) -> bool:
    return any(word in refusal for word in ("password", "role ", "pg_hba", "not permitted"))


def _readiness(seen: Deployment, target: Target) -> Answer | None:
    answer = seen.routes.get(target.api.routes.ready)
    return None if answer is None or answer.status in _NO_ROUTE else answer


def _other_readiness(seen: Deployment, target: Target) -> dict[str, Answer]:
    """What answers as readiness does, at a route that the runbook does not know."""
    return {
        path: answer
        for path, answer in seen.routes.items()
        if path.startswith("/") and path != target.api.routes.ready and _checks(answer)
    }


def _checks(answer: Answer) -> dict[str, Any] | None:
    checks = answer.body.get("checks") if isinstance(answer.body, dict) else None
    return checks if isinstance(checks, dict) else None


def _is_ai(name: str, told: Any) -> bool:
    return name.lower().startswith("ai") and isinstance(told, Mapping)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_patience(name: str) -> bool:
    words = name.upper().split("_")
    return any("TIMEOUT" in word for word in words) and bool(
        {"AI", "OPENAI", "READY", "READYZ", "READINESS", "PROVIDER", "LLM"} & {*words}
    )


def _seconds(value: str | None) -> float | None:
    text = (value or "").strip().lower()
    try:
        if text.endswith("ms"):
            return float(text[:-2]) / 1000
        number = float(text.removesuffix("s"))
    except ValueError:
        return None
    # Nobody waits for minutes on purpose: what is so large is in milliseconds.
    return number / 1000 if number >= 200 and not text.endswith("s") else number
