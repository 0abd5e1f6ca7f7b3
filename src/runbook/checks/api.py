"""What the API's answers mean."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from runbook.checks.postgres_errors import recognised
from runbook.checks.reading import CannotTell, Limits, Seen
from runbook.model import Judgement
from runbook.words import say

_BRIEF = 200  # characters of the API's message in a sentence; the evidence has all of it

_WELL = frozenset({"healthy", "ok", "up", "pass"})
_SICK = frozenset({"unhealthy", "error", "down", "fail", "failed", "degraded"})


def live(seen: Seen, limits: Limits) -> Judgement:
    """ok, failing, silent or down; a deployment without the route cannot be judged by it."""
    del limits
    saw = seen.saw("api-live")
    if "status" not in saw:
        signal = "silent" if saw.get("connected") else "down"
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
    if answer["status"] in _WELL:
        return Judgement("ok", {})
    message = str(answer.get("message") or say("check.no_message"))
    brief = shorten(message, _BRIEF, placeholder=" …")
    return Judgement(recognised(message) or "failing", {"message": brief})


def pool(seen: Seen, limits: Limits) -> Judgement:
    """room, starved, saturated or exhausted, by two samples and by whether a newcomer is served.

    Starved is a pool that has requests waiting though it is not full: it cannot connect.
    """
    del limits
    samples: list[dict[str, Any]] = seen.saw("api-metrics")["samples"]
    last = samples[-1]
    facts = {key: f"{last[key]:g}" for key in ("in_use", "maximum", "waiting")}
    if not all(sample["in_use"] >= sample["maximum"] > 0 for sample in samples):
        starved = all(sample["waiting"] > 0 for sample in samples)
        return Judgement("starved" if starved else "room", facts)
    served = _database_answer(seen)["status"] in _WELL
    return Judgement("saturated" if served else "exhausted", facts)


def _database_answer(seen: Seen) -> dict[str, Any]:
    saw = seen.saw("api-ready")
    if "status" not in saw:
        raise CannotTell(say("check.api_silent", url=saw["url"]))
    if saw["status"] == 404:
        raise CannotTell(say("check.no_route", url=saw["url"]))
    answer = saw.get("checks", {}).get("database")
    if not isinstance(answer, dict) or answer.get("status") not in _WELL | _SICK:
        raise CannotTell(say("check.not_readiness", url=saw["url"], status=saw["status"]))
    return answer
