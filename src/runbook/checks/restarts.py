"""Who ended unasked, how often, and whether it was the kernel, for want of memory."""

from __future__ import annotations

import itertools
from typing import Any

from runbook.checks.reading import CannotTell, Limits, Seen
from runbook.model import Judgement
from runbook.words import say

_DOWN = frozenset({"EXITED", "FATAL", "STOPPED", "BACKOFF", "ABSENT"})
_MINUTE = 60
_SAME_END = 3.0  # seconds between the kernel's kill and the end that the engine saw
_BY_FAR = 2  # times as long as the longest run that ended


def restarts(seen: Seen, limits: Limits) -> Judgement:
    """steady, recovered, restarted, down-behind, down, crash-looping or oom-killed.

    Only what ended unasked counts, and only the last run before the present one: who was
    restarted by hand since is judged by how it does now.
    """
    saw = seen.saw("services")
    since = saw["now"] - limits["recent_minutes"] * _MINUTE
    found = [_history(role, one, saw, seen, since) for role, one in saw["services"].items()]
    return max(found, key=lambda judgement: _RESTARTS.index(judgement.signal))


_RESTARTS = (
    *("steady", "recovered", "restarted", "down-behind", "down", "crash-looping", "oom-killed"),
)
_WITH_A_SCENARIO = frozenset({"database", "ai"})


def _history(
    role: str, service: dict[str, Any], saw: dict[str, Any], seen: Seen, since: float
) -> Judgement:
    name = service["name"]
    ended = [one for one in saw["ended"] if one["service"] == name and one["at"] >= since]
    crashes = [one for one in ended if not one["asked"]]
    count = max(len(crashes), service.get("restarts", 0)) if crashes else 0
    facts = {
        "service": role,
        "count": count,
        "how": crashes[-1]["how"] if crashes else "",
        "ago": f"{saw['now'] - crashes[-1]['at']:.0f}" if crashes else "",
    }
    by_hand = bool(ended) and ended[-1]["asked"]
    running = service["state"] not in _DOWN
    kills = _kills(service, saw, seen, since, crashes)
    if kills and (not by_hand or "ids" in service):
        ago = f"{saw['now'] - kills[-1]:.0f}"
        return Judgement("oom-killed", {**facts, "count": len(kills), "ago": ago})
    if crashes and by_hand and running:
        return Judgement("recovered", facts)
    looping = count > 1 and not by_hand and not (running and _settled(service, saw, crashes))
    if service["state"] in ("BACKOFF", "FATAL") or looping:
        return Judgement("crash-looping", facts)
    if not running:
        signal = "down-behind" if role in _WITH_A_SCENARIO else "down"
        return Judgement(signal, {**facts, "state": service["state"]})
    return Judgement("restarted" if crashes and not by_hand else "steady", facts)


def _settled(service: dict[str, Any], saw: dict[str, Any], crashes: list[dict[str, Any]]) -> bool:
    """Whether its present run outlasts by far those that ended."""
    ends = [one["at"] for one in crashes]
    if len(ends) < 2:
        # The engine counts more ends than anybody remembers: as long as they were on average.
        ends = [0.0, (ends[-1] - service["created"]) / service["restarts"]]
    longest = max(later - earlier for earlier, later in itertools.pairwise(ends))
    return bool(saw["now"] - service["since"] > max(_MINUTE, _BY_FAR * longest))


def _kills(
    service: dict[str, Any],
    saw: dict[str, Any],
    seen: Seen,
    since: float,
    crashes: list[dict[str, Any]],
) -> list[float]:
    """When the kernel killed this service of late; raises CannotTell where it may have."""
    if "ids" in service:
        return _kills_in_containers(service, saw, seen, since, crashes)
    pids = {one["pid"] for one in saw["spawned"] if one["service"] == service["name"]}
    # A child of the present run died in its cgroup, after it began: in that second the run before
    # may still have been killed.
    born = service.get("born") or service["since"]
    group, begun = service.get("cgroup"), born if service["pid"] else float("inf")
    try:
        log = seen.saw("oom-kills")
        untold = say("check.log_too_short", seconds=f"{saw['now'] - log.get('since', 0):.0f}")
    except CannotTell as reason:
        log, untold = {"kills": [], "since": saw["now"]}, str(reason)
    kills = [
        one["at"]
        for one in log["kills"]
        if one["at"] >= since
        and (one["pid"] in pids or (group and one["cgroup"] == group and one["at"] > begun))
    ]
    by_signal = [one["at"] for one in crashes if "SIGKILL" in one["how"]]
    if kills or not by_signal or by_signal[-1] >= log.get("since", 0):
        return kills
    # The log does not reach back to it; the cgroup still counts, where it is there.
    if service.get("oom_kills") is None:
        raise CannotTell(untold)
    return by_signal if service["oom_kills"] else []


def _kills_in_containers(
    service: dict[str, Any],
    saw: dict[str, Any],
    seen: Seen,
    since: float,
    crashes: list[dict[str, Any]],
) -> list[float]:
    """As the kernel logged them with the container in the path of the cgroup, where that is there;
    else the engine's flag, which stands until a person starts the container again.
    """
    name = service["name"]
    asked = [one["at"] for one in saw["ended"] if one["service"] == name and one["asked"]]
    after = max([since, *asked])
    ends = [one["at"] for one in crashes]

    def counts(at: float) -> bool:
        # A person may have started it since, and nobody remembers: then the flag is down again.
        ended_so = any(abs(at - end) < _SAME_END for end in ends)
        return at > after and (service["oom"] or ended_so or at > service["since"])

    try:
        kills = [
            one["at"]
            for one in seen.saw("oom-kills")["kills"]
            if counts(one["at"]) and any(id in (one["cgroup"] or "") for id in service["ids"])
        ]
    except CannotTell:
        kills = []
    return kills or (ends if service["oom"] else [])
