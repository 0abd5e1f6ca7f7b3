"""Putting one fault in, and making everything good again."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime

import psycopg

from drill.faults.fault import named
from drill.grounds import EMBEDDED, Ground
from drill.place import Place, Standing, read_json
from drill.wait import until
from drill.words import say
from runbook.errors import BadInput, RunbookError

_FAILURES = (psycopg.Error, OSError, subprocess.SubprocessError)


def break_(drill: Standing, name: str, ground: Ground = EMBEDDED) -> None:
    """The fault is in, and its effect has been seen from outside."""
    fault = named(name, ground.faults())
    sabotage = ground.sabotages[name]
    if not ground.available(fault, drill):
        raise BadInput(say("break.unavailable", fault=name))
    if fault_in(drill.place) is not None:
        raise BadInput(say("break.already", fault=fault_in(drill.place)))
    if not until(lambda: ground.healthy(drill), seconds=ground.patience):
        raise BadInput(say("break.unhealthy"))
    _claim(drill.place, name)
    try:
        sabotage.inject(drill)
        held = until(lambda: sabotage.holds(drill), seconds=ground.holds_within, every=0.1)
    except _FAILURES:
        held = False
    except BaseException:
        heal(drill, ground)
        raise
    if not held:
        logs = ground.logs(drill)
        heal(drill, ground)
        raise RunbookError(say("break.never_held", fault=fault.fault, log=logs))


def heal(drill: Standing, ground: Ground = EMBEDDED) -> None:
    """Every part is as it was when the drill came up."""
    try:
        ground.mend(drill, fault_in(drill.place))
    except _FAILURES as failure:
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
