"""Putting one fault in, and making everything good again."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime

import psycopg

from drill.faults import (
    SABOTAGES,
    api,
    available,
    database,
    disk,
    edge,
    memory,
    named,
    network,
    provider,
)
from drill.health import healthy
from drill.place import Drill, Place, read_json
from drill.wait import until
from drill.words import say
from runbook.errors import BadInput, RunbookError


def break_(drill: Drill, name: str) -> None:
    """The fault is in, and its effect has been seen from outside."""
    fault, sabotage = named(name), SABOTAGES[name]
    if not available(fault, drill):
        raise BadInput(say("break.unavailable", fault=name))
    if fault_in(drill.place) is not None:
        raise BadInput(say("break.already", fault=fault_in(drill.place)))
    if not until(lambda: healthy(drill), seconds=3):
        raise BadInput(say("break.unhealthy"))
    _claim(drill.place, name)
    try:
        sabotage.inject(drill)
        held = until(lambda: sabotage.holds(drill), seconds=20, every=0.1)
    except (psycopg.Error, OSError, subprocess.SubprocessError):
        held = False
    except BaseException:
        heal(drill)
        raise
    if not held:
        heal(drill)
        raise RunbookError(say("break.never_held", fault=fault.fault, log=drill.place.logs))


def heal(drill: Drill) -> None:
    """Every part is as it was when the drill came up.

    No part asks which fault it was: each is made good, from the bottom up, whatever was done to
    it and however far.  So a fault that was half put in, or healed by hand, heals the same way.
    """
    name = fault_in(drill.place)
    # A claim that cannot be read may have been for any fault.
    by_restart = name is not None and (name not in SABOTAGES or SABOTAGES[name].needs_api_restart)
    try:
        network.mend(drill)
        disk.mend(drill)
        database.mend(drill)
        memory.mend(drill)
        provider.mend(drill)
        edge.mend(drill)
        api.mend(drill, by_restart=by_restart)
        memory.forget(drill)
    except (psycopg.Error, OSError, subprocess.SubprocessError) as failure:
        raise RunbookError(say("heal.failed", why=failure)) from failure
    drill.place.broken_file.unlink(missing_ok=True)


def fault_in(place: Place) -> str | None:
    """The fault that is in, or was being put in when somebody was interrupted."""
    if not place.broken_file.exists():
        return None
    return str((read_json(place.broken_file) or {}).get("fault", "?"))


def _claim(place: Place, name: str) -> None:
    # Written before anything is broken, so that whoever comes later knows there is work to do.
    try:
        with place.broken_file.open("x", encoding="utf-8") as file:
            json.dump({"fault": name, "since": datetime.now(UTC).isoformat()}, file)
    except FileExistsError:
        raise BadInput(say("break.already", fault=fault_in(place))) from None
