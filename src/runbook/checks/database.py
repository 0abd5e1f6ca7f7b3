"""What the database's answers mean, and its silence."""

from __future__ import annotations

from typing import Any

from runbook.checks.postgres_errors import dropped, from_server, recognised
from runbook.checks.reading import ALIVE, CannotTell, Limits, Seen
from runbook.model import Judgement
from runbook.words import say

_MEGABYTE = 1024 * 1024

_REFUSALS = frozenset({"auth-failed", "no-database", "too-many", "refusing", "query-failed"})

# Who waits for an advisory lock or for others' snapshots chose to wait: a standby that would be
# the leader, an index built concurrently.  Nobody's data is held up by it.
_BY_CHOICE = frozenset({"advisory", "virtualxid"})


def process(seen: Seen, limits: Limits) -> Judgement:
    """running or stopped, as what keeps it running says."""
    del limits
    saw = seen.saw("database-process")
    signal = "running" if saw["state"] in ALIVE else "stopped"
    facts = {"service": saw["service"], "pid": saw["pid"], "state": saw["state"]}
    return Judgement(signal, {**facts, "detail": saw["detail"] or say("check.no_message")})


def session(seen: Seen, limits: Limits) -> Judgement:
    """How logging in ended: ok, one of the server's refusals, timeout, slow or dropped.

    Query-failed is a server that let us in and then refused what we asked.
    """
    del limits
    saw = seen.saw("database-session")
    outcome = saw["outcome"]
    if outcome == "failed":
        return _refusal(saw["message"])
    facts = {
        "version": "PostgreSQL " + saw["server"]["version"] if outcome == "ok" else "",
        "seconds": seen.seconds("database-session"),
        "limit": f"{saw.get('limit', 0):g}",
    }
    return Judgement(outcome, facts)


def _refusal(message: str) -> Judgement:
    facts = {"detail": message}
    if (said := recognised(message)) in _REFUSALS:
        return Judgement(str(said), facts)
    if dropped(message):
        return Judgement("dropped", facts)
    if from_server(message):
        return Judgement("rejected", facts)
    raise CannotTell(say("check.not_reached", detail=message))


def connections(seen: Seen, limits: Limits) -> Judgement:
    """room or near-limit: how many of the connections open to ordinary roles are taken."""
    server = _inside(seen)["server"]
    if not server["sees_all"]:
        raise CannotTell(say("check.sees_little"))
    used, maximum = server["used"], server["maximum"]
    near = used >= maximum * limits["near_limit_percent"] / 100
    return Judgement("near-limit" if near else "room", {"used": used, "maximum": maximum})


def locks(seen: Seen, limits: Limits) -> Judgement:
    """none, waiting, long-transaction or blocked: whether sessions wait for others, and for whom.

    Waiting is for a lock that the waiter asked for in order to wait.
    """
    saw = _inside(seen)
    transactions: list[dict[str, Any]] = saw["transactions"]
    waiting_long = [one for one in saw["blocked"] if one["seconds"] >= limits["blocked_seconds"]]
    blocked = [one for one in waiting_long if one.get("locktype") not in _BY_CHOICE]
    if blocked:
        waiting = {one["pid"] for one in blocked}
        # At the head of the queue stands who blocks others without waiting itself.
        heads = sorted({pid for one in blocked for pid in one["blockers"]} - waiting)
        owners = {one["pid"]: _owner(one) for one in transactions}
        return Judgement(
            "blocked",
            {
                "count": len(waiting),
                "longest": f"{max(one['seconds'] for one in blocked):.0f}",
                "blockers": ", ".join(map(str, heads)) or say("check.each_other"),
                "owners": say("between.clause").join(owners[pid] for pid in heads if pid in owners)
                or say("check.no_message"),
            },
        )
    if waiting_long:
        seconds = max(one["seconds"] for one in waiting_long)
        return Judgement("waiting", {"count": len(waiting_long), "longest": f"{seconds:.0f}"})
    if not saw["server"]["sees_all"]:
        raise CannotTell(say("check.sees_little"))
    idle = [
        one
        for one in transactions
        if one["seconds"] >= limits["idle_seconds"]
        and str(one["state"]).startswith("idle in transaction")
    ]
    if idle:
        one = max(idle, key=lambda transaction: transaction["seconds"])
        facts = {"pid": one["pid"], "state": one["state"], "longest": f"{one['seconds']:.0f}"}
        return Judgement("long-transaction", facts)
    longest = max((one["seconds"] for one in transactions), default=0)
    return Judgement("none", {"longest": f"{longest:.0f}"})


def _owner(transaction: dict[str, Any]) -> str:
    known = (transaction["usename"], transaction["application_name"], transaction["state"])
    return ", ".join(str(word) for word in known if word)


def writes(seen: Seen, limits: Limits) -> Judgement:
    """writable, read-only or unconfirmed.

    Read-only is a standby, or a server told to refuse writes; unconfirmed are commits that wait
    for a synchronous standby.
    """
    saw = _inside(seen)
    server = saw["server"]
    if server["in_recovery"]:
        return Judgement("read-only", {"detail": say("check.standby")})
    if server["read_only"]:
        return Judgement("read-only", {"detail": "default_transaction_read_only = on"})
    unconfirmed = [
        one["query_seconds"]
        for one in saw["transactions"]
        if one.get("wait_event") == "SyncRep" and one["query_seconds"] >= limits["commit_seconds"]
    ]
    if unconfirmed:
        facts = {"count": len(unconfirmed), "longest": f"{max(unconfirmed):.0f}"}
        return Judgement("unconfirmed", facts)
    return Judgement("writable", {})


def disk(seen: Seen, limits: Limits) -> Judgement:
    """room, near-full, full or read-only, of the file system under the data directory."""
    saw = seen.saw("database-disk")
    free_mb = saw["free"] / _MEGABYTE
    used_percent = 100 * (1 - saw["free"] / saw["total"])
    facts = {"free_mb": f"{free_mb:.0f}", "used_percent": f"{used_percent:.0f}"}
    if saw["read_only"]:
        return Judgement("read-only", facts)
    if free_mb < limits["full_megabytes"]:
        return Judgement("full", facts)
    return Judgement("near-full" if used_percent >= limits["near_full_percent"] else "room", facts)


def _inside(seen: Seen) -> dict[str, Any]:
    saw = seen.saw("database-session")
    if saw["outcome"] != "ok":
        raise CannotTell(say("check.not_logged_in"))
    return saw
