"""Whether what should be running is running, asked of what keeps it running."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from runbook.model import Target
from runbook.probes import cgroup, proc
from runbook.probes.compose import services as containers
from runbook.probes.compose.located import Located
from runbook.probes.listener import heard_at
from runbook.probes.look import Saw
from runbook.probes.sockets import family, waiting_at
from runbook.probes.supervisor import HISTORY, PID, state_of, supervisor_of


def database_process(target: Target, limit: float) -> Saw:
    """`{service, state, pid, exit, log, listening, waiting}` of the database's process.

    `listening` is where it listens, as `heard_at` tells it; null where that is hidden.  `waiting`
    are the connections to its port that it has not taken.
    """
    if isinstance(target, Located):
        return containers.database_process(target, limit)
    service, port = target.services.database, target.database.port
    with supervisor_of(target, limit) as supervisor:
        info = supervisor.call(state_of(service))
        pid = int(info["pid"])
        heard = heard_at(family(pid), port) if pid else []
        return {
            "service": service,
            "state": str(info["statename"]),
            "pid": pid or None,
            "listening": None if heard is None else list(heard),
            "waiting": waiting_at(pid, port) if pid else 0,
            "exit": int(info["exitstatus"]),
            "detail": str(info.get("description", "")),
            "log": supervisor.log(service),
        }


# Lines of supervisord's own log (supervisor/process.py): what it started, and what ended unasked.
_AT = r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"
_SPAWNED = re.compile(rf"^{_AT},\d+ \w+ spawned: '([^']+)' with pid (\d+)", re.M)
_ZONES = 900  # seconds; all zones of the world are whole quarters of an hour apart
_ENDED = re.compile(rf"^{_AT},\d+ \w+ (exited|stopped): (\S+) \(([^;)]+)", re.M)


def services(target: Target, limit: float) -> Saw:
    """`{now, services, spawned, ended}` of all services.

    `services` has for each role `{name, state, pid, since, born, cgroup, oom_kills}`: since is the
    second in which it was started, as supervisord tells it, born the kernel's word for the moment;
    `oom_kills` is how often the kernel has killed in the service's own cgroup.  The last three are
    null where it has none, or is not to be seen.
    `spawned` and `ended` are what supervisord remembers: `{at, service, pid}` and `{at, service,
    how, asked}`, oldest first; asked is an end on somebody's request.  Times are epoch seconds.
    """
    if isinstance(target, Located):
        return containers.services(target, limit)
    names = target.services.model_dump(exclude_none=True)
    with supervisor_of(target, limit) as supervisor:
        keeper, history, *told = supervisor.calls(PID, HISTORY, *map(state_of, names.values()))
    roles: dict[str, Any] = {
        role: {
            "name": name,
            "state": str(info["statename"]),
            "pid": int(info["pid"]) or None,
            "since": int(info["start"]),
            **_counted(int(info["pid"]), int(keeper)),
        }
        for (role, name), info in zip(names.items(), told, strict=True)
    }
    spawned: list[dict[str, JsonValue]] = [
        {"at": _epoch(at), "service": name, "pid": int(pid)}
        for at, name, pid in _SPAWNED.findall(history)
    ]
    ended: list[dict[str, JsonValue]] = [
        {"at": _epoch(at), "service": name, "how": how, "asked": word == "stopped"}
        for at, word, name, how in _ENDED.findall(history)
    ]
    ahead = _ahead(roles.values(), spawned)
    return {
        "now": round(time.time(), 1),
        "services": roles,
        "spawned": [{**one, "at": float(str(one["at"])) - ahead} for one in spawned],
        "ended": [{**one, "at": float(str(one["at"])) - ahead} for one in ended],
    }


def _counted(pid: int, keeper: int) -> dict[str, JsonValue]:
    """What the kernel knows of the process apart from its keeper."""
    try:
        group = next(iter(cgroup.own(pid, cgroup.path_of(keeper))), None) if pid else None
        born = proc.born(pid) if pid else None
    except OSError:  # it has ended meanwhile, or runs elsewhere
        group = born = None
    kills = None if group is None else cgroup.oom_kills(group)
    return {"born": born, "cgroup": group, "oom_kills": kills}


def _epoch(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").astimezone().timestamp()


def _ahead(roles: Iterable[Any], spawned: Iterable[Any]) -> float:
    """The seconds by which the wall clock of supervisord's log is ahead of ours.

    It writes the local time of its own zone, which need not be that of who asks; it also tells the
    second in which each was started last.
    """
    last = {one["service"]: one["at"] for one in spawned}
    for role in roles:
        logged = last.get(role["name"])
        if logged is not None and role["since"]:
            return float(_ZONES * round((logged - role["since"]) / _ZONES))
    return 0.0
