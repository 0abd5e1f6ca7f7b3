"""Whether the containers of the services run, in the words of what else keeps services running."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, run_in
from runbook.probes.compose.located import Located
from runbook.probes.look import TEXT_LIMIT, CouldNotLook, Saw
from runbook.probes.sockets import listening, waiting_at
from runbook.words import say

_ASKED_SECONDS = 30.0  # at most from a signal that the engine sent until the container has ended
_LINES = 40
_RECREATED = "recreated"  # a container that is no more had its last end by who made the new one
_UNTOLD = "exit ?"  # of a run before the present one the engine keeps no code


def services(target: Located, limit: float) -> Saw:
    """`{now, services: {role: {name, state, pid, since, ...}}, spawned, ended}` of all services.

    Of several containers of a service the one that runs longest speaks; `restarts` is how often
    the engine has started it again by itself since a person last did, `finished` when its last run
    ended, `oom` the engine's own flag of it.  `ended` is what is still in the engine's short memory
    of events, `{at, service, how, asked}`, and the last end that the inspection tells.
    """
    now = round(time.time(), 1)
    roles: Saw = {}
    ended: list[dict[str, Any]] = []
    for role, name in target.services.model_dump(exclude_none=True).items():
        own = target.of(name)
        if not own:
            roles[role] = {"name": name, "state": replica.ABSENT, "pid": None, "since": 0}
            continue
        told = own[0]["State"]
        roles[role] = {
            "name": name,
            "state": replica.state_of(own[0]),
            "pid": told["Pid"] or None,
            "since": replica.moment(told["StartedAt"]) or 0,
            "created": replica.moment(own[0]["Created"]),
            "restarts": own[0]["RestartCount"],
            "ids": [one["Id"] for one in own],
            "oom": bool(told["OOMKilled"]),
        }
        ended += [_end(name, one) for one in own if replica.moment(one["State"]["FinishedAt"])]
    with engine_of(target, limit) as client:
        remembered = _events(client, target, now)
    for one in remembered:
        present = target.of(one["service"])
        if present and one.pop("id") not in {container["Id"] for container in present}:
            made = replica.moment(present[0]["Created"])
            ended.append({"at": made, "service": one["service"], "how": _RECREATED, "asked": True})
    ended += [{key: one[key] for key in ("at", "service", "how", "asked")} for one in remembered]
    return {"now": now, "services": roles, "spawned": [], "ended": list(_once(ended))}


def _end(service: str, container: dict[str, Any]) -> dict[str, Any]:
    """The end of its last run; the engine starts again only what ended unasked."""
    told = container["State"]
    runs = replica.runs(container)
    return {
        "at": replica.moment(told["FinishedAt"]),
        "service": service,
        "how": _UNTOLD if runs else f"exit {told['ExitCode']}",
        "asked": runs and not container["RestartCount"],
    }


def _events(client: Any, target: Located, now: float) -> list[dict[str, Any]]:
    """What ended lately, as far as the engine remembers: it keeps 256 events, and health checks
    of all its containers soon fill them.
    """
    filters = {
        "type": "container",
        "label": f"com.docker.compose.project={target.runtime.project}",
        "event": ["die", "kill", "oom"],
    }
    asked: dict[str, float] = {}
    found = []
    for event in client.events(since=0, until=int(now) + 1, filters=filters, decode=True):
        at, who = event["timeNano"] / 1e9, event["Actor"]
        if event["Action"] == "kill":
            asked[who["ID"]] = at
        # What was started by `run` ends when it is done, and is no container of the service.
        elif event["Action"] == "die" and not replica.is_oneoff(who["Attributes"]):
            found.append(
                {
                    "id": who["ID"],
                    "at": round(at, 1),
                    "service": who["Attributes"].get("com.docker.compose.service", ""),
                    "how": f"exit {who['Attributes'].get('exitCode', '?')}",
                    # A signal has one end: what ends next, ends by itself.
                    "asked": at - asked.pop(who["ID"], 0) < _ASKED_SECONDS,
                }
            )
    return found


def _once(ended: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Every end once, oldest first: an event tells more of it than the inspection does."""
    known: list[dict[str, Any]] = []
    for one in sorted(ended, key=lambda end: (end["at"], end["how"] == _UNTOLD)):
        same = [
            two
            for two in known
            if two["service"] == one["service"]
            and abs(two["at"] - one["at"]) < 1
            and (two["how"] == _RECREATED) == (one["how"] == _RECREATED)
        ]
        if not same:
            known.append(one)
        elif same[0]["how"] == _UNTOLD:
            known[known.index(same[0])] = one
    return known


def database_process(target: Located, limit: float) -> Saw:
    """What `process.database_process` tells, of the database's container."""
    name = target.services.database
    own = target.of(name)
    if not own:
        return {
            "service": name, "state": replica.ABSENT, "pid": None, "exit": None,
            "detail": "", "log": "", "listening": [], "waiting": 0,
        }  # fmt: skip
    told = own[0]["State"]
    with engine_of(target, limit) as client:
        log = client.logs(own[0]["Id"], tail=_LINES).decode("utf-8", errors="replace")
        return {
            "service": name,
            "state": replica.state_of(own[0]),
            "pid": told["Pid"] or None,
            "exit": told["ExitCode"],
            "detail": told["Error"] or ("" if replica.runs(own[0]) else f"exit {told['ExitCode']}"),
            "log": log[-TEXT_LIMIT:],
            "listening": list(_heard(target, own[0], client) or ()),
            "waiting": waiting_at(told["Pid"], target.database.port) if target.here else 0,
        }


def api_listener(target: Located, port: int, limit: float) -> Saw:
    """`{port, service, listeners, heard}`: what listens in the API's container is the API's."""
    own = [one for one in target.of(target.services.api) if replica.runs(one)]
    heard: list[str] | None = []
    if own:
        with engine_of(target, limit) as client:
            heard = _heard(target, own[0], client)
    pid = own[0]["State"]["Pid"] if own else None
    listeners: list[JsonValue] = [
        {"pid": pid, "name": target.services.api, "own": True, "at": at}
        for at in heard or ()
        if at.rpartition(":")[2] == str(port)
    ]
    if heard is None:
        raise CouldNotLook(say("probe.no_tools", command="cat /proc/net/tcp"))
    return {
        "port": port,
        "service": target.services.api,
        "listeners": listeners,
        "heard": list(heard),
    }


def _heard(target: Located, container: dict[str, Any], client: Any) -> list[str] | None:
    """Where anything in the container listens, `address:port`; None where that is hidden."""
    if not replica.runs(container):
        return []
    files = ("/proc/net/tcp", "/proc/net/tcp6")
    texts = []
    if target.here:
        for file in files:
            with suppress(OSError):
                texts.append(Path(f"/proc/{container['State']['Pid']}{file[5:]}").read_text())
    if not texts:
        with suppress(CouldNotLook):
            ran = run_in(client, container["Id"], ["cat", *files])
            texts = [ran.text] if ran.code in (0, 1) else []
    return (
        sorted({one.at for text in texts for one in listening(text.splitlines())})
        if texts
        else None
    )
