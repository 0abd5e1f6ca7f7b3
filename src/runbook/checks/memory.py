"""What the use of memory means: who grows, who is killed, and what holds nobody back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from runbook.checks.reading import CannotTell, Limits, Seen, is_young
from runbook.model import Judgement
from runbook.words import listed, say

_MEGABYTE = 1024 * 1024
_MINUTE = 60
_FEWEST = 4  # samples
# Seconds of a look.  Who is looked at for the first time takes a step, which is soon over; the
# probe looks on as long as it may be a leak.
_LONG_ENOUGH = 1.5


class Growth(NamedTuple):
    """How a service's memory moved while it was looked at, in bytes and bytes per second.

    `room` is what is left below its limit, or on the host where it has none.
    """

    role: str
    used: float
    limit: float | None
    room: float
    per_second: float
    steady: bool
    age: float
    resident: float
    peak: float

    @property
    def minutes_left(self) -> float:
        """Until there is no more room at this pace; infinite without growth."""
        if self.per_second <= 0:
            return float("inf")
        return self.room / self.per_second / _MINUTE


def growths(saw: dict[str, Any], pace: float) -> list[Growth]:
    """How the memory of every service moved, by the line of least squares through its samples.

    Steady is who grew all the time, by `pace` bytes a second or nearly.
    """
    found = []
    bound = saw["host"]
    on_host = max(0, bound["total"] - bound["used"]) if bound else float("inf")
    for role, facts in saw["services"].items():
        points = [(one["at"], one[role]) for one in saw["samples"] if role in one]
        if len(points) < _FEWEST:
            continue
        steady = _is_steady(points, pace)
        used, limit = points[-1][1], facts["limit"]
        room = on_host if limit is None else min(on_host, limit - used)
        rate = _slope(points) if used > points[0][1] else 0.0
        had = facts.get("resident", 0), facts.get("peak", 0)
        found.append(Growth(role, used, limit, room, rate, steady, facts["age"], *had))
    return found


def _is_steady(points: Sequence[tuple[float, float]], pace: float) -> bool:
    """Whether in each third of the look it took, and kept, half of that many bytes a second.

    What it gives back before the end of the look it never took: a busy service goes up and down.
    """
    at = [moment for moment, _ in points]
    kept = list(accumulate((size for _, size in reversed(points)), min))[::-1]
    thirds = [len(points) * part // 3 for part in (0, 1, 2)] + [len(points) - 1]
    return at[-1] - at[0] >= _LONG_ENOUGH and all(
        kept[end] - kept[begin] >= pace / 2 * (at[end] - at[begin])
        for begin, end in pairwise(thirds)
    )


def _slope(points: list[tuple[float, float]]) -> float:
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / below if below else 0.0


def growth(seen: Seen, limits: Limits) -> Judgement:
    """flat, near-limit, starting, reconnecting, regaining or growing: the service nearest to its
    limit speaks for all.  Reconnecting is a database to which an API comes that has just started.
     Regaining is one that once had more, and so gives back what it takes.
    """
    pace = limits["kilobytes_per_second"] * 1024
    found = growths(seen.saw("memory"), pace)
    if not found:
        raise CannotTell(say("check.nothing_runs"))
    growing = [
        one
        for one in found
        if one.steady and one.per_second >= pace and one.minutes_left <= limits["minutes_left"]
    ]
    if growing:
        one = min(growing, key=lambda growth: growth.minutes_left)
        # Who starts takes what it needs; who is nearly at the limit will be killed, young or not.
        near = one.used >= (one.limit or float("inf")) * limits["near_percent"] / 100
        young = one.age < limits["starting_seconds"] and not near
        if young:
            return Judgement("starting", _growth_facts(one))
        api = min((other.age for other in found if other.role.startswith("api")), default=None)
        if one.role == "database" and is_young(api, limits) and not near:
            return Judgement("reconnecting", {**_growth_facts(one), "age": f"{api:.0f}"})
        # Who leaks never had more than now; between two collections of garbage everybody grows.
        regaining = one.resident < one.peak * limits["peak_percent"] / 100 and not near
        return Judgement("regaining" if regaining else "growing", _growth_facts(one))
    limited = [one for one in found if one.limit]
    if not limited:
        return Judgement("flat", _growth_facts(max(found, key=lambda growth: growth.used)))
    one = max(limited, key=lambda growth: growth.used / (growth.limit or 1))
    near = one.used >= (one.limit or 0) * limits["near_percent"] / 100
    return Judgement("near-limit" if near else "flat", _growth_facts(one))


def _growth_facts(one: Growth) -> dict[str, Any]:
    limit = say("check.no_limit") if one.limit is None else f"{one.limit / _MEGABYTE:.0f} MB"
    left = one.minutes_left
    return {
        "service": one.role,
        "used": f"{one.used / _MEGABYTE:.0f} MB",
        "limit": limit,
        "percent": f"{100 * one.used / one.limit:.0f}" if one.limit else "-",
        "per_minute": f"{one.per_second * _MINUTE / _MEGABYTE:.1f} MB",
        "age": f"{one.age:.0f}",
        "peak": f"{one.peak / _MEGABYTE:.0f} MB",
        "left": say("check.minutes", count=f"{left:.0f}") if left >= 1 else say("check.moments"),
    }


def limits_set(seen: Seen, limits: Limits) -> Judgement:
    """set, missing or not-asked: whether every service that must have a limit has one."""
    del limits
    saw = seen.saw("memory")
    wanted = saw["limited"]
    if not wanted:
        return Judgement("not-asked", {"services": ""})
    running = [role for role in wanted if role in saw["services"]]
    without = [role for role in running if saw["services"][role]["limit"] is None]
    if without:
        return Judgement("missing", {"services": listed(without)})
    if not running:
        raise CannotTell(say("check.nothing_runs"))
    return Judgement("set", {"services": listed(running)})


def host(seen: Seen, limits: Limits) -> Judgement:
    """room, high or eaten: how full the host is, and whether by our services or by others."""
    saw = seen.saw("memory")
    bound, top = saw["host"], saw["top"]
    if bound is None:
        raise CannotTell(say("check.host_unseen"))
    percent = 100 * bound["used"] / bound["total"]
    facts: dict[str, Any] = {
        "percent": f"{percent:.0f}",
        "total": f"{bound['total'] / _MEGABYTE:.0f}",
        "eater": "",
        "pid": "",
        "size": "",
    }
    if percent <= limits["high_percent"]:
        return Judgement("room", facts)
    # Many small ones eat as much as a big one, and files in memory are nobody's process.
    own = sum(size for role, size in saw["samples"][-1].items() if role != "at")
    if own < bound["used"] / 2:
        most = next((one for one in top if one["role"] is None), None)
        if most is not None:
            size = f"{most['bytes'] / _MEGABYTE:.0f}"
            facts |= {"eater": most["name"], "pid": most["pid"], "size": size}
        return Judgement("eaten", facts)
    return Judgement("high", facts)


def swap(seen: Seen, limits: Limits) -> Judgement:
    """none, quiet or busy: whether pages go to and fro."""
    saw = seen.saw("memory")["swap"]
    if saw is None:
        raise CannotTell(say("check.host_unseen"))
    facts = {"pages": f"{saw['per_second']:.0f}"}
    if not saw["total"]:
        return Judgement("none", facts)
    return Judgement("busy" if saw["per_second"] > limits["pages_per_second"] else "quiet", facts)
