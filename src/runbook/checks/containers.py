"""What the containers mean: who does not run, is paused, cut off, or not what it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runbook.checks.reading import NOT_TAKEN, CannotTell, Limits, Seen
from runbook.model import Judgement
from runbook.words import listed, say

_MEGABYTE = 1024 * 1024
_NONE = "no-containers"
_OK = 200


def container_of(role: str) -> Callable[[Seen, Limits], Judgement]:
    """The judgement of one role's containers, the worst of them speaking for all.

    It is running, some-down, paused, down, restarting, detached or nameless; no-containers where
    the target has none, absent-role where it has no such service.  Detached runs in no network of
    the project; nameless is not known there by the name of its service; some-down has others that
    run.
    """

    def judged(seen: Seen, limits: Limits) -> Judgement:
        del limits
        saw = _containers(seen)
        service = saw["services"].get(role)
        facts = {"service": service["name"] if service else role, "detail": ""}
        if saw["runtime"] == "supervisor" or service is None:
            return Judgement(_NONE, facts)
        return _judged(service, saw["networks"], facts)

    return judged


def _judged(service: dict[str, Any], networks: list[str], facts: dict[str, Any]) -> Judgement:
    every = service["containers"]
    if not every:
        return Judgement("down", {**facts, "detail": say("container.absent")})
    paused = [one for one in every if one["state"] == "PAUSED"]
    running = [one for one in every if one["state"] == "RUNNING"]
    ill = [one for one in every if one not in running]
    if ill and running:
        detail = listed(_said(one) for one in ill)
        counted = {"count": len(running), "total": len(every)}
        return Judgement("some-down", {**facts, **counted, "detail": detail})
    if paused:
        return Judgement("paused", facts)
    if not running:
        restarting = any(one["state"] == "BACKOFF" for one in every)
        detail = _said(ill[0])
        return Judgement("restarting" if restarting else "down", {**facts, "detail": detail})
    own = [_own(one, networks) for one in running]
    if not all(own):
        return Judgement("detached", facts)
    if not all(any(service["name"] in net["aliases"] for net in one) for one in own):
        return Judgement("nameless", facts)
    silent = [one for one in running if one["health"]["answers"] is False]
    if silent and len(silent) < len(running):
        counted = {"count": len(running) - len(silent), "total": len(every)}
        detail = listed(say("container.silent", number=one["number"]) for one in silent)
        return Judgement("some-down", {**facts, **counted, "detail": detail})
    return Judgement("running", {**facts, "count": len(running)})


def _own(container: dict[str, Any], networks: list[str]) -> list[dict[str, Any]]:
    """The networks of the project that it is connected to; all of its own where there is none."""
    return [
        net
        for name, net in container["networks"].items()
        if net["address"] and (name in networks or not networks)
    ]


def _said(container: dict[str, Any]) -> str:
    facts = {"number": container["number"], "exit": container["exit"]}
    state = container["state"].lower()
    known = {"paused", "exited", "backoff", "stopped"}
    return say(f"container.{state if state in known else 'other'}", **facts, state=state)


def health(seen: Seen, limits: Limits) -> Judgement:
    """true, none, recovering, lagging, unhealthy, false-alarm or blind: is each health flag right.

    False-alarm is a container called unhealthy though it and all that readiness asks is well; blind
    one called healthy that does not answer.  A flag is late by some checks: where the check itself,
    run now, sees what we see, it is only recovering, or lagging.
    """
    del limits
    saw = _containers(seen)
    nobody = {"service": "", "detail": ""}
    if saw["runtime"] == "supervisor":
        return Judgement(_NONE, nobody)
    found = [
        _flag(service["name"], one["health"], seen)
        for service in saw["services"].values()
        for one in service["containers"]
        if one["state"] == "RUNNING" and one["health"]["status"]
    ]
    if not found:
        return Judgement("none", nobody)
    return max(found, key=lambda judgement: _FLAGS.index(judgement.signal))


_FLAGS = ("true", "recovering", "lagging", "unhealthy", "false-alarm", "blind")


def _flag(service: str, told: dict[str, Any], seen: Seen) -> Judgement:
    facts = {"service": service, "detail": _last_words(told)}
    if told["status"] == "unhealthy":
        if told["passes"]:
            return Judgement("recovering", facts)
        false = told["answers"] and told["passes"] is False and _answered_well(seen, "api-ready")
        return Judgement("false-alarm" if false else "unhealthy", facts)
    if told["status"] == "healthy" and told["answers"] is False:
        return Judgement("blind" if told["passes"] else "lagging", facts)
    return Judgement("true", facts)


def _answered_well(seen: Seen, probe: str) -> bool:
    try:
        return bool(seen.saw(probe).get("status") == _OK)
    except CannotTell:
        return False


def _last_words(health: dict[str, Any]) -> str:
    said = [one["said"] for one in health["log"] if one["exit"]]
    return said[-1] if said else say("check.no_message")


def image(seen: Seen, limits: Limits) -> Judgement:
    """as-declared, other or moved: whether what runs is what the compose file says.

    Moved is a tag that means another image by now than the one that runs.
    """
    del limits
    saw = _containers(seen)
    facts = {"service": "", "image": "", "declared": ""}
    if saw["runtime"] == "supervisor":
        return Judgement(_NONE, facts)
    for service in saw["services"].values():
        wanted = (service["declared"] or {}).get("image")
        for one in service["containers"]:
            facts = {"service": service["name"], "image": one["image"], "declared": wanted or ""}
            if wanted and one["image"] != wanted:
                return Judgement("other", facts)
            if one["tag_moved"]:
                return Judgement("moved", facts)
    return Judgement("as-declared", {**facts, "service": ""})


def limits_as_declared(seen: Seen, limits: Limits) -> Judgement:
    """as-declared or changed: whether the limits of memory, processors and processes are those of
    the compose file.
    """
    del limits
    saw = _containers(seen)
    facts = {"service": "", "limit": "", "declared": ""}
    if saw["runtime"] == "supervisor":
        return Judgement(_NONE, facts)
    for service in saw["services"].values():
        wanted = service["declared"]
        for one in service["containers"]:
            for kind in _KINDS:
                if wanted and one.get(kind) != wanted.get(kind):
                    told = {"limit": _size(kind, one[kind]), "declared": _size(kind, wanted[kind])}
                    return Judgement("changed", {"service": service["name"], **told})
    return Judgement("as-declared", facts)


_KINDS = ("limit", "cpus", "pids")


def _size(kind: str, limit: float | None) -> str:
    if limit is None:
        return say(f"limits.no_{kind}")
    return say(f"limits.{kind}", size=f"{limit / (_MEGABYTE if kind == 'limit' else 1):g}")


def path(name: str) -> Callable[[Seen, Limits], Judgement]:
    """The judgement of one way between two containers, as seen from the first.

    It is open, lossy, slow, queued, unresolved, astray, refused, rejected, timeout or unreachable;
    queued is where whoever is at its end takes no connection, so that the kernel makes no more;
    no-source where the first does not run, no-containers where there is no such way.
    """

    def judged(seen: Seen, limits: Limits) -> Judgement:
        if not seen.looked("container-paths"):
            return Judgement(_NONE, {"from": "", "to": ""})
        saw = seen.saw("container-paths")["paths"].get(name)
        if saw is None:
            return Judgement(_NONE, {"from": "", "to": ""})
        facts = {"from": saw["from"], "to": saw["to"], "detail": saw.get("detail", "")}
        if saw["outcome"] == "unknown":
            raise CannotTell(saw["detail"])
        address = str(saw.get("address", "")).rpartition(":")[0]
        if address and saw["right"] and address not in saw["right"]:
            right = {"address": address, "right": listed(saw["right"])}
            return Judgement("astray", {**facts, **right})
        waiting = saw.get("waiting", 0)
        lost = saw["outcome"] == "timeout" or (saw["outcome"] == "open" and saw["late"] > 1)
        if lost and waiting >= NOT_TAKEN:
            return Judgement("queued", {**facts, "waiting": waiting})
        if saw["outcome"] == "timeout":
            return Judgement("timeout", {**facts, "limit": f"{saw['limit']:g}"})
        if saw["outcome"] != "open":
            return Judgement(saw["outcome"], facts)
        return _measured(saw, facts, limits)

    return judged


def _measured(saw: dict[str, Any], facts: dict[str, Any], limits: Limits) -> Judgement:
    """Lossy is where some came at once, and others only when sent again, or never."""
    # Once may be a busy moment; a road that is long is long for all.
    quickest = 1000 * saw["seconds"][0]
    counted = {"count": saw["knocks"], "late": saw["late"], "milliseconds": f"{quickest:.0f}"}
    if saw["late"] > 1:
        return Judgement("lossy", {**facts, **counted})
    slow = quickest > limits["slow_ms"]
    return Judgement("slow" if slow else "open", {**facts, **counted})


def dns(seen: Seen, limits: Limits) -> Judgement:
    """resolves or broken: whether a container fails to resolve one that runs and has its name."""
    del limits
    facts = {"from": "", "names": ""}
    if not seen.looked("container-paths") or not seen.saw("container-paths")["paths"]:
        return Judgement(_NONE, facts)
    saw = _containers(seen)
    known = {
        service["name"]
        for service in saw["services"].values()
        if _judged(service, saw["networks"], {}).signal in ("running", "paused", "some-down")
    }
    lost = [
        one
        for one in seen.saw("container-paths")["paths"].values()
        if one["outcome"] == "unresolved" and {one["from"], one["to"].rpartition(":")[0]} <= known
    ]
    if not lost:
        return Judgement("resolves", facts)
    names = listed(dict.fromkeys(one["to"].rpartition(":")[0] for one in lost))
    return Judgement("broken", {"from": listed({one["from"]: 0 for one in lost}), "names": names})


def upstream(seen: Seen, limits: Limits) -> Judgement:
    """right, wrong or fine: whether nginx hands on to the API, where users are not served.

    Fine is whatever it is while users are answered.
    """
    del limits
    if not seen.looked("nginx-upstreams"):
        return Judgement(_NONE, {"places": "", "right": ""})
    servers = seen.saw("nginx-upstreams")["servers"]
    if not servers:
        return Judgement(_NONE, {"places": "", "right": ""})
    right = seen.saw("nginx-upstreams")["right"]
    front = [one for one in servers if any("443" in at for at in one["listen"])] or servers
    places = sorted({place for one in front for place in one["places"]})
    facts = {"places": listed(places), "right": listed(right)}
    served = _answered_well(seen, "edge-answer")
    if served or any(place in right for place in places):
        return Judgement("right", facts)
    return Judgement("wrong", facts)


def _containers(seen: Seen) -> dict[str, Any]:
    """What was seen of them; records from before there were any are of targets without."""
    if not seen.looked("containers"):
        return {"runtime": "supervisor", "services": {}, "networks": []}
    return seen.saw("containers")
