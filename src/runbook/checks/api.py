"""What the API's answers mean."""

from __future__ import annotations

from typing import Any

from runbook.checks.network import listens, port_of
from runbook.checks.postgres_errors import recognised
from runbook.checks.reading import (
    AI_CHECKS,
    SICK,
    WELL,
    CannotTell,
    Limits,
    Seen,
    age_of,
    is_young,
    readiness_of,
    ready,
)
from runbook.model import Judgement
from runbook.words import brief, listed, say

_BRIEF = 200  # characters of the API's message in a sentence; the evidence has all of it


def live(seen: Seen, limits: Limits) -> Judgement:
    """ok, failing, silent, starting or down; without the route nothing can be judged by it.

    Starting is a young process that does not listen anywhere yet.
    """
    saw = seen.saw("api-live")
    if "status" not in saw:
        signal = "silent" if saw.get("connected") else "down"
        if signal == "down" and (age := starting(seen, limits)) is not None:
            return Judgement("starting", {"url": saw["url"], "age": f"{age:.0f}"})
        return Judgement(signal, {"url": saw["url"], "detail": saw["detail"]})
    if saw["status"] == 404:
        raise CannotTell(say("check.no_route", url=saw["url"]))
    signal = "ok" if saw["status"] == 200 else "failing"
    facts = {"url": saw["url"], "status": saw["status"], "seconds": seen.seconds("api-live")}
    return Judgement(signal, facts)


def database(seen: Seen, limits: Limits) -> Judgement:
    """ok, or by what the API was told: the database as the API sees it."""
    del limits
    answer = _database_answer(seen)
    if answer["status"] in WELL:
        return Judgement("ok", {})
    message = str(answer.get("message") or say("check.no_message"))
    facts = {"message": brief(message, _BRIEF)}
    return Judgement(recognised(message) or "failing", facts)


def readiness(seen: Seen, limits: Limits) -> Judgement:
    """green, red-by-database, red-by-ai or red: which one thing makes readiness red, if any."""
    del limits
    saw = ready(seen)
    checks = {name: one for name, one in saw.get("checks", {}).items() if isinstance(one, dict)}
    if not checks:
        raise CannotTell(say("check.not_readiness", url=saw["url"], status=saw["status"]))
    sick = [name for name, one in checks.items() if one.get("status") in SICK]
    facts = {"url": saw["url"], "status": saw["status"], "sick": listed(sick)}
    if not sick:
        return Judgement("green", facts)
    whose = {_WHOSE.get(name, "") for name in sick}
    return Judgement(
        f"red-by-{whose.pop()}" if len(whose) == 1 and "" not in whose else "red", facts
    )


def ai_side(seen: Seen, limits: Limits) -> Judgement:
    """well or ill: whether readiness complains of the AI provider, whatever else it says."""
    del limits
    return _side(readiness_of(seen, AI_CHECKS))


def database_side(seen: Seen, limits: Limits) -> Judgement:
    """well or ill: whether readiness complains of the database, whatever else it says."""
    del limits
    return _side(readiness_of(seen, ("database",)))


def _side(answer: dict[str, Any]) -> Judgement:
    message = str(answer.get("message") or say("check.no_message"))
    facts = {"message": brief(message, _BRIEF)}
    return Judgement("ill" if answer["status"] in SICK else "well", facts)


def port(seen: Seen, limits: Limits) -> Judgement:
    """open, refused, rejected, starting, timeout or unreachable: the API's own port, past the edge.

    Rejected is a refusal though the API listens where we knocked, starting one of a young process
    that does not listen anywhere yet.
    """
    judged = port_of(seen, limits, "api-port")
    if judged.signal != "refused":
        return judged
    heard = listens(_heard(seen) or (), str(judged.facts["address"]))
    age = age_of(seen, "api")
    # Who began to listen between two looks was refused by nobody.
    if (heard or _heard(seen) == []) and is_young(age, limits):
        return Judgement("starting", {**judged.facts, "age": f"{age:.0f}"})
    return Judgement("rejected", judged.facts) if heard else judged


def _heard(seen: Seen) -> list[str] | None:
    """Where the API's process listens; None where that is not known."""
    try:
        return seen.saw("api-listener").get("heard")
    except CannotTell:
        return None


def starting(seen: Seen, limits: Limits) -> float | None:
    """The age of an API that was started a moment ago and does not listen yet; None of others."""
    age = age_of(seen, "api")
    return age if _heard(seen) == [] and is_young(age, limits) else None


def owner(seen: Seen, limits: Limits) -> Judgement:
    """own, other, starting or nobody: which process listens on the API's port."""
    saw = seen.saw("api-listener")
    others = [one for one in saw["listeners"] if not one["own"]]
    facts = {"port": saw["port"], "pid": "", "name": ""}
    if others:
        return Judgement("other", {**facts, "pid": others[0]["pid"], "name": others[0]["name"]})
    if saw["listeners"]:
        return Judgement("own", facts)
    if (age := starting(seen, limits)) is not None:
        return Judgement("starting", {**facts, "age": f"{age:.0f}"})
    return Judgement("nobody", facts)


_WHOSE = {"database": "database", **dict.fromkeys(AI_CHECKS, "ai")}


def pool(seen: Seen, limits: Limits) -> Judgement:
    """room, starved, saturated or exhausted, by all samples and by whether a newcomer is served.

    Starved is a pool that has requests waiting though it is not full: it cannot connect.
    """
    del limits
    samples: list[dict[str, Any]] = seen.saw("api-metrics")["samples"]
    last = samples[-1]
    facts = {key: f"{last[key]:g}" for key in ("in_use", "maximum", "waiting")}
    if not all(sample["in_use"] >= sample["maximum"] > 0 for sample in samples):
        starved = all(sample["waiting"] > 0 for sample in samples)
        return Judgement("starved" if starved else "room", facts)
    served = _database_answer(seen)["status"] in WELL
    return Judgement("saturated" if served else "exhausted", facts)


def _database_answer(seen: Seen) -> dict[str, Any]:
    saw = ready(seen)
    if saw["status"] == 404:
        raise CannotTell(say("check.no_route", url=saw["url"]))
    answer = saw.get("checks", {}).get("database")
    if not isinstance(answer, dict) or answer.get("status") not in WELL | SICK | {"degraded"}:
        raise CannotTell(say("check.not_readiness", url=saw["url"], status=saw["status"]))
    return answer
