"""The way to the database: does its name resolve, does its port answer."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.checks.reading import ALIVE, NOT_TAKEN, CannotTell, Limits, Seen, age_of, is_young
from runbook.model import Judgement


def database_name(seen: Seen, limits: Limits) -> Judgement:
    """resolved or unresolved."""
    return name_of(seen, limits, "database-name")


def name_of(seen: Seen, limits: Limits, probe: str) -> Judgement:
    """resolved or unresolved, as the probe of one name saw it."""
    del limits
    saw = seen.saw(probe)
    if saw["addresses"]:
        addresses = ", ".join(saw["addresses"])
        return Judgement("resolved", {"host": saw["host"], "addresses": addresses})
    return Judgement("unresolved", {"host": saw["host"], "detail": saw["detail"]})


def database_port(seen: Seen, limits: Limits) -> Judgement:
    """open, taken, full, refused, rejected, starting, timeout or unreachable.

    Full is a queue of connections that the database does not take; taken is open while the
    database does not run; rejected is a refusal though it listens there, starting one of a young
    process, which may have begun to listen only after we knocked.
    """
    judged = port_of(seen, limits, "database-port")
    try:
        process = seen.saw("database-process")
    except CannotTell:
        return judged
    waiting = process.get("waiting", 0)
    if judged.signal == "timeout" and waiting >= NOT_TAKEN:
        return Judgement("full", {**judged.facts, "waiting": waiting})
    if judged.signal == "open" and process["state"] not in ALIVE:
        return Judgement("taken", judged.facts)
    heard = process.get("listening") or ()
    if judged.signal == "refused" and listens(heard, str(judged.facts["address"])):
        age = age_of(seen, "database")
        if is_young(age, limits):
            return Judgement("starting", {**judged.facts, "age": f"{age:.0f}"})
        return Judgement("rejected", judged.facts)
    return judged


def listens(heard: Iterable[str], address: str) -> bool:
    """Whether somebody who listens at those `address:port` is heard at this one."""
    host, _, port = address.rpartition(":")
    everywhere = {f"{at}:{port}" for at in ("0.0.0.0", "::")}  # noqa: S104
    return any(one == f"{host}:{port}" or one in everywhere for one in heard)


def port_of(seen: Seen, limits: Limits, probe: str) -> Judgement:
    """open, refused, timeout or unreachable, as the probe of one port saw it."""
    del limits
    saw = seen.saw(probe)
    facts = {
        "address": saw["address"],
        "seconds": seen.seconds(probe),
        "limit": f"{saw['limit']:g}",
        "detail": saw.get("detail", ""),
    }
    return Judgement(saw["outcome"], facts)
