"""What the way in means: name, packets, certificate, and who answers at the end of it."""

from __future__ import annotations

import json
from datetime import datetime
from statistics import median
from typing import Any

from runbook.checks.api import starting
from runbook.checks.reading import CannotTell, Limits, Seen, age_of
from runbook.model import Judgement
from runbook.words import listed, say

_GATEWAY = frozenset({502, 503, 504})
_OK = 200
_ASKED_AGAIN = 1.0  # seconds of an answer whose question was lost; resolvers wait one to five
_ROUNDS = 5  # ways to and fro of one visit at the most, and one to spare
_LONG = 0.8  # seconds of one way to and fro
_RESENT = 0.5  # seconds that a packet which was sent again comes later, at the least


def name(seen: Seen, limits: Limits) -> Judgement:
    """right, wrong-address or unresolved; any address is right where the target names none."""
    del limits
    saw = seen.saw("edge-name")
    facts = {"host": saw["host"], "addresses": listed(saw["addresses"])}
    if not saw["addresses"]:
        return Judgement("unresolved", {**facts, "detail": saw["detail"]})
    if saw["right"] and not set(saw["addresses"]) <= set(saw["right"]):
        return Judgement("wrong-address", {**facts, "right": listed(saw["right"])})
    return Judgement("right", facts)


def resolver(seen: Seen, limits: Limits) -> Judgement:
    """quick or slow: what a user waits for the name every time.

    Slow is where the quickest of several questions took long, or most had to be asked again.
    """
    saw = seen.saw("edge-name")
    if not saw["addresses"]:
        raise CannotTell(say("check.no_name", host=saw["host"]))
    # One slow answer may be this machine's own doing.
    quickest, usual = min(saw["seconds"]), median(saw["seconds"])
    waited = 1000 * (usual if usual > _ASKED_AGAIN else quickest)
    signal = "slow" if waited > limits["slow_ms"] else "quick"
    return Judgement(signal, {"milliseconds": f"{waited:.0f}"})


def port(seen: Seen, limits: Limits) -> Judgement:
    """open, lossy, refused, rejected, starting, timeout or unreachable.

    Lossy is where some got through at once and others only after the kernel sent again, or never;
    rejected is a refusal while the edge's process runs, starting one while it is young.
    """
    saw = seen.saw("edge-port")
    knocks: list[dict[str, Any]] = saw["knocks"]
    opened = [one for one in knocks if one["outcome"] == "open"]
    facts = {"address": saw["address"], "limit": f"{saw['limit']:g}", "detail": ""}
    if not opened:
        worst = max({one["outcome"] for one in knocks}, key=_KNOCK_ORDER.index)
        details = {str(one["detail"]) for one in knocks if "detail" in one}
        if worst == "refused" and (age := age_of(seen, "nginx")) is not None:
            # It does not listen yet, or not there, or somebody keeps us from it.
            worst = "starting" if age < limits["starting_seconds"] else "rejected"
            facts["age"] = f"{age:.0f}"
        return Judgement(worst, {**facts, "detail": listed(sorted(details))})
    late = _late(knocks, min(one["seconds"] for one in opened))
    facts |= {
        "count": len(knocks),
        "late": late,
        "milliseconds": f"{1000 * median(one['seconds'] for one in opened):.0f}",
    }
    return Judgement("lossy" if late > 1 else "open", facts)


def _late(knocks: list[dict[str, Any]], road: float) -> int:
    """How many came later than the road is long, in seconds to and fro.

    On a road longer than the kernel's patience all are sent again, and none of them was lost.
    """
    return sum(
        one["seconds"] > road + _RESENT if one.get("resent") else one["outcome"] != "open"
        for one in knocks
        if one["outcome"] == "open" or road < _LONG
    )


_KNOCK_ORDER = ("timeout", "unreachable", "refused")


def latency(seen: Seen, limits: Limits) -> Judgement:
    """normal or high: what the network takes of one request, without name and API."""
    saw = seen.saw("edge-answer")
    phases = saw["phases"]
    network = phases.get("tcp", 0) + phases.get("tls", 0)
    if "status" not in saw and 1000 * network <= limits["high_ms"]:
        raise CannotTell(say("check.edge_silent", url=saw["url"]))
    if saw.get("status") == _OK and _api_is_well(seen):
        # An answer takes two ways to and fro at most; what is beyond is the API's and the edge's.
        network += min(_beyond(seen, saw), 2 * phases["tcp"])
    network = min(network, _most_of_the_road(seen))
    facts = {
        "milliseconds": f"{1000 * network:.0f}",
        **{key: f"{1000 * phases.get(key, 0):.0f}" for key in ("name", "tcp", "tls", "answer")},
    }
    return Judgement("high" if 1000 * network > limits["high_ms"] else "normal", facts)


def _beyond(seen: Seen, saw: dict[str, Any]) -> float:
    """The seconds an answer took through the edge beyond those of the API itself."""
    return max(0.0, float(saw["phases"]["answer"]) - float(seen.seconds("api-live")))


def _most_of_the_road(seen: Seen) -> float:
    """The seconds that a visit can spend on the network, as the road is in the middle of many
    knocks: TCP, TLS of two rounds, request and answer.  What is beyond is a busy machine's.
    """
    try:
        knocks = seen.saw("edge-port")["knocks"]
    except CannotTell:
        return float("inf")
    # As the kernel measured it: when we noticed says how busy we were.
    opened = [one.get("road", one["seconds"]) for one in knocks if one["outcome"] == "open"]
    return _ROUNDS * median(opened) if opened else float("inf")


def trust(seen: Seen, limits: Limits) -> Judgement:
    """trusted, wrong-name or untrusted, whatever its dates."""
    del limits
    saw = seen.saw("edge-certificate")
    facts = {"host": saw["host"], "names": listed(saw.get("names", ())), "detail": saw["detail"]}
    signal = "trusted" if saw["trust"] == "ok" else saw["trust"]
    return Judgement(signal, facts)


def dates(seen: Seen, limits: Limits) -> Judgement:
    """current, expiring, expired, not-yet or chain-expired: the dates against the clock.

    Chain-expired is a good certificate whose signer's is out of date.
    """
    saw = seen.saw("edge-certificate")
    if "ends" not in saw:
        raise CannotTell(say("check.untrusted_dates"))
    now, starts, ends = (datetime.fromisoformat(saw[key]) for key in ("now", "starts", "ends"))
    days = (ends - now).total_seconds() / 86400
    facts = {"starts": f"{starts:%Y-%m-%d}", "ends": f"{ends:%Y-%m-%d}", "days": f"{days:.0f}"}
    if days < 0:
        return Judgement("expired", facts)
    if now < starts:
        return Judgement("not-yet", facts)
    if saw.get("chain", "ok") != "ok":
        return Judgement("chain-expired", facts)
    return Judgement("expiring" if days < limits["expiring_days"] else "current", facts)


def answer(seen: Seen, limits: Limits) -> Judgement:
    """ok, slow, another, edge-only, starting, bad-gateway, failing, silent, late, cut or down.

    Edge-only is an API that answers by itself, and not through the edge; another is an edge that
    answers in the API's stead; slow is one that takes long over what the API answers at once; cut
    is one that hangs up, or speaks something else; starting is a bad gateway to a young API.
    """
    saw = seen.saw("edge-answer")
    if "status" not in saw:
        signal = "down"
        if "tcp" in saw["phases"]:
            signal = "silent" if "timed out" in saw["detail"] else "cut"
            # On so long a road nobody can tell yet whether there would have been an answer.
            signal = "late" if signal == "silent" and saw["phases"]["tcp"] > _LONG else signal
        return Judgement(signal, {"url": saw["url"], "detail": saw["detail"]})
    facts = {"url": saw["url"], "status": saw["status"]}
    if saw["status"] == _OK:
        if _another_speaks(seen, saw["body"]):
            return Judgement("another", facts)
        seconds = f"{sum(saw['phases'].values()):.2f}"
        slow = _api_is_well(seen) and _beyond(seen, saw) > limits["slow_seconds"]
        return Judgement("slow" if slow else "ok", {**facts, "seconds": seconds})
    if _api_is_well(seen):
        return Judgement("edge-only", facts)
    if saw["status"] not in _GATEWAY:
        return Judgement("failing", facts)
    if (age := starting(seen, limits)) is not None:
        return Judgement("starting", {**facts, "age": f"{age:.0f}"})
    return Judgement("bad-gateway", facts)


def _another_speaks(seen: Seen, body: str) -> bool:
    """Whether a page came back where the API itself answers with JSON."""
    return _api_is_well(seen) and _is_json(seen.saw("api-live")["body"]) and not _is_json(body)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _api_is_well(seen: Seen) -> bool:
    try:
        return bool(seen.saw("api-live").get("status") == _OK)
    except CannotTell:
        return False
