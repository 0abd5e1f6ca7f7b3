"""The way to the database: does its name resolve, does its port answer."""

from __future__ import annotations

from runbook.checks.reading import Limits, Seen
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
    """open, refused, timeout or unreachable: whether anyone listens, and whether we get there."""
    return port_of(seen, limits, "database-port")


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
