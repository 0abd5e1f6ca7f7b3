"""What the containers see of one another, asked from inside them by commands that only read.

Who must reach the database is the API's container, not who diagnoses it.
"""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import host_and_port
from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, run_in
from runbook.probes.compose.located import Located
from runbook.probes.compose.namespace import NotAdmitted, inside
from runbook.probes.http import Answer, Silence
from runbook.probes.knocks import knocks
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.sockets import waiting_at
from runbook.words import say

if TYPE_CHECKING:
    from docker import APIClient

_KNOCKS = 24  # connections a path: of one that loses a packet in five, nearly every look finds two
_FEW = 6  # where each of them takes a process in the container, whose memory is being looked at
_PATIENCE = 3  # seconds for each of them
_SENT_AGAIN = 0.7  # seconds after the quickest: a first packet is sent again after one
_QUESTIONS = 2  # a name that is there one moment and not the next is no name that is gone
_NO_SUCH_NAME = 2  # getent(1)
_CURL_REFUSED = 7  # CURLE_COULDNT_CONNECT
_NOT_FOUND = 127  # the shell's code for a command that is not there
_KILLED = 124  # of timeout(1), for what did not end

# Each connection prints its seconds, or the shell's own words; who prints nothing got no answer.
# The address and the port come as arguments, so that none of them is ever read as a command.
_KNOCK = """
for i in $(seq "$3"); do (
  begin=$EPOCHREALTIME
  if said=$( { exec 3<>"/dev/tcp/$1/$2"; } 2>&1 ); then echo "open $begin $EPOCHREALTIME"
  else echo "shut ${said##*: }"; fi ) & done; wait
"""
_BLOCKED = frozenset({"EPERM", "EACCES"})  # a rule of the container's own network
_OUTCOMES = {
    "Connection refused": "refused",
    "No route to host": "unreachable",
    "Network is unreachable": "unreachable",
    "Host is unreachable": "unreachable",
    "Operation not permitted": "rejected",
    "Permission denied": "rejected",
}


def name(target: Located, host: str, limit: float) -> Saw:
    """`{host, addresses, by}`, or `{host, detail}` where the name does not resolve.

    `by` is the service in whose container it was asked; null is what the engine itself knows.
    """
    asker = _asker(target, target.services.api)
    if asker is not None:
        with engine_of(target, limit) as client:
            found = _resolved(client, asker["Id"], host, limit)
        if found is not None:
            addresses, detail = found
            saw: Saw = {"host": host, "addresses": list(addresses), "by": target.services.api}
            return saw if addresses else {**saw, "detail": detail}
    if not target.is_service(host):
        raise CouldNotLook(say("probe.nobody_inside", service=target.services.api))
    known = _addresses(target, host)
    saw = {"host": host, "addresses": known, "by": None}
    return saw if known else {**saw, "detail": say("probe.no_container", service=host)}


def paths(target: Target, limit: float) -> Saw:
    """`{paths: {name: {from, to, outcome, ...}}}`: whether containers reach one another.

    The paths are `api-to-database`, `api-to-ai` and `nginx-to-api`, as far as the target has them.
    Outcome is open, unresolved, refused, rejected, timeout, unreachable or no-source; of an open
    one there are the `seconds` of those of its `knocks` that came, and how many came `late`: sent
    again, or never.  `waiting` are the connections that nobody at the end of the path has taken,
    `right` the addresses of the service's containers, where it is one.  Empty where the target
    runs in no containers.
    """
    if not isinstance(target, Located):
        return {"paths": {}}
    services, database = target.services, target.database
    wanted = [("api-to-database", services.api, database.host, database.port)]
    if target.ai is not None:
        wanted.append(("api-to-ai", services.api, *host_and_port(target.ai.url)))
    if services.nginx is not None:
        wanted.append(("nginx-to-api", services.nginx, *host_and_port(target.api.url)))
    # Side by side: of a path that is cut nothing comes until the patience ends.
    with ThreadPoolExecutor(len(wanted)) as pool:
        told = list(pool.map(lambda one: _way(target, one, limit), wanted))
    return {"paths": {one[0]: way for one, way in zip(wanted, told, strict=True)}}


def knocked(target: Target, host: str, port: int, limit: float) -> Saw:
    """`{address, outcome, limit}` of a connection by a container: the API's, or nginx's to it.

    Raises CouldNotLook where neither runs, or can tell.
    """
    services = target.services
    source = services.nginx if host == services.api and services.nginx else services.api
    way = _way(target, ("", source, host, port), limit) if isinstance(target, Located) else {}
    if way.get("outcome") not in ("open", "refused", "timeout", "unreachable"):
        raise CouldNotLook(str(way.get("detail") or say("probe.nobody_inside", service=source)))
    return {
        "address": way["address"],
        "outcome": way["outcome"],
        "limit": _PATIENCE,
        "detail": way.get("detail", ""),
    }


def answer(target: Located, url: str, limit: float) -> Answer:
    """What the API answers its own container, by curl in there; raises as `http.ask` does."""
    asker = _asker(target, target.services.api)
    if asker is None:
        raise CouldNotLook(say("probe.nobody_inside", service=target.services.api))
    port = host_and_port(url)[1]
    words = ["curl", "-sS", "-m", f"{max(1.0, limit - 1):.0f}", "-w", "\n%{http_code}"]
    with engine_of(target, limit) as client:
        own = f"http://localhost:{port}{urlsplit(url).path}"
        ran = run_in(client, asker["Id"], [*words, own])
    if ran.code in (_NOT_FOUND, _NOT_FOUND - 1, -1):
        raise CouldNotLook(say("probe.no_tools", command="curl"))
    if ran.code:
        said = [line for line in ran.text.splitlines() if line.startswith("curl:")] or [ran.text]
        raise Silence(said[0], connected=ran.code != _CURL_REFUSED)
    body, _, status = ran.text.rpartition("\n")
    return Answer(int(status), body)


def _way(target: Located, wanted: tuple[str, str, str, int], limit: float) -> Saw:
    _, source, host, port = wanted
    way: Saw = {"from": source, "to": f"{host}:{port}", "right": _addresses(target, host)}
    if target.here:
        # Before we knock ourselves.
        way["waiting"] = max((waiting_at(pid, port) for pid in _pids(target, host)), default=0)
    asker = _asker(target, source)
    if asker is None:
        return {**way, "outcome": "no-source"}
    with engine_of(target, limit) as client:
        return {**way, **_path(client, asker, target.here, host, port, limit)}


def _pids(target: Located, host: str) -> list[int]:
    own = target.of(host) if target.is_service(host) else []
    return [int(one["State"]["Pid"]) for one in own if replica.runs(one)]


def _addresses(target: Located, host: str) -> list[JsonValue]:
    own = target.of(host) if target.is_service(host) else []
    return [address for one in own if replica.runs(one) for address in replica.addresses_of(one)]


def _asker(target: Located, service: str | None) -> dict[str, Any] | None:
    """A container of the service that can be asked; None where none runs."""
    running = [one for one in target.of(service) if replica.state_of(one) == "RUNNING"]
    return running[0] if running else None


def _resolved(
    client: APIClient, container: str, host: str, limit: float
) -> tuple[list[str], str] | None:
    """The addresses and the resolver's silence; None where the container cannot say."""
    seconds = f"{max(1.0, limit - 1):.0f}"
    for _ in range(_QUESTIONS):
        ran = run_in(client, container, ["timeout", seconds, "getent", "ahostsv4", host])
        if ran.code == _KILLED:
            return [], say("probe.name_silent", seconds=seconds)
        found = {line.split()[0] for line in ran.text.splitlines() if line.split()}
        if ran.code == 0 and found:
            return sorted(found), ""
        if ran.code not in (0, _NO_SUCH_NAME):
            return None
    return [], say("probe.name_unknown")


def _path(
    client: APIClient, asker: dict[str, Any], here: bool, host: str, port: int, limit: float
) -> Saw:
    told = _resolved(client, asker["Id"], host, limit)
    if told is None:
        return {"outcome": "unknown", "detail": say("probe.no_tools", command="getent")}
    addresses, detail = told
    if not addresses:
        return {"outcome": "unresolved", "detail": detail}
    address = addresses[0]
    if here:
        with suppress(NotAdmitted):
            knock = partial(knocks, address, port, _PATIENCE, _KNOCKS)
            return _summed(address, port, inside(asker["State"]["Pid"], knock, _PATIENCE + 1))
    words = ["timeout", str(_PATIENCE), "bash", "-c", _KNOCK, "knock"]
    ran = run_in(client, asker["Id"], [*words, address, str(port), str(_FEW)])
    if ran.code in (_NOT_FOUND, _NOT_FOUND - 1, -1):
        return {"outcome": "unknown", "detail": say("probe.no_tools", command="bash")}
    return {"address": f"{address}:{port}", **_told(ran.text)}


def _summed(address: str, port: int, seen: list[Saw]) -> Saw:
    """Many connections as one path: it is open where one of them got through."""
    saw: Saw = {"address": f"{address}:{port}"}
    opened = [one for one in seen if one["outcome"] == "open"]
    if opened:
        # As the kernel measured it: when we noticed says how busy we were.
        road = sorted(float(str(one.get("road", one["seconds"]))) for one in opened)
        late = sum(bool(one.get("resent")) for one in opened)
        known: Saw = {"knocks": len(seen), "late": late + len(seen) - len(opened)}
        return {**saw, "outcome": "open", **known, "seconds": list(road)}
    worst = Counter(str(one["outcome"]) for one in seen).most_common(1)
    outcome = worst[0][0] if worst else "timeout"
    detail = next((str(one["detail"]) for one in seen if "detail" in one), outcome)
    if detail in _BLOCKED:
        outcome = "rejected"
    return {**saw, "outcome": outcome, "detail": detail, "limit": _PATIENCE}


def _told(text: str) -> Saw:
    opened = [float(end) - float(begin) for begin, end in re.findall(r"open (\S+) (\S+)", text)]
    shut = Counter(re.findall(r"^shut (.*)$", text, re.M))
    if opened:
        seconds = sorted(round(one, 4) for one in opened)
        late = _FEW - sum(one < seconds[0] + _SENT_AGAIN for one in seconds)
        return {"outcome": "open", "knocks": _FEW, "late": late, "seconds": list(seconds)}
    if shut:
        words = shut.most_common(1)[0][0]
        return {"outcome": _OUTCOMES.get(words, "unreachable"), "detail": words}
    return {"outcome": "timeout", "limit": _PATIENCE}
