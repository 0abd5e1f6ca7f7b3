"""What every way of breaking the compose drill is made of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

from drill.compose import images
from drill.compose.database import psql
from drill.compose.deployment import Deployment, inspect
from drill.compose.engine import docker, ran
from drill.faults.sabotage import Sabotage
from drill.health import refusal
from drill.place import write_json
from drill.wait import until

Inject = Callable[[Deployment], None]
Holds = Callable[[Deployment], bool]
_NEAR, _FAR = "10.127.255.1", "10.127.255.2"
_DETOUR = "detour"


def does(verb: str, *services: str) -> Inject:
    """Docker does that to the services' containers: `stop`, `kill --signal STOP`."""

    def inject(deployment: Deployment) -> None:
        docker(*verb.split(), *map(deployment.container, services))

    return inject


def restart(deployment: Deployment, service: str) -> None:
    """The service's process is a new one, in the container it had."""
    docker("restart", "--time", "2", deployment.container(service))


def facts(deployment: Deployment, service: str) -> dict[str, Any]:
    """What Docker knows of the service's container; empty where there is none."""
    container = deployment.container(service)
    return inspect(container)[0] if container else {}


def address(deployment: Deployment, service: str) -> str:
    """The container's address in the network of compose; empty where it is not in it."""
    networks = facts(deployment, service).get("NetworkSettings", {}).get("Networks", {})
    return str(networks.get(deployment.network, {}).get("IPAddress", ""))


def can_enter() -> bool:
    """Whether we may change the network inside of a container."""
    return os.geteuid() == 0 and all(map(shutil.which, ("nsenter", "iptables", "ip", "sysctl")))


def inside(deployment: Deployment, service: str, *words: str) -> str:
    """What the command printed in the service's own network."""
    pid = str(facts(deployment, service)["State"]["Pid"])
    return ran(["nsenter", "--target", pid, "--net", *words])


def rule(service: str, *words: str, sees: str = "") -> Inject:
    """The service's packets that match the words have that rule; `sees` is who they come from."""

    def inject(deployment: Deployment) -> None:
        source = ("--source", address(deployment, sees)) if sees else ()
        inside(deployment, service, "iptables", "-w", "-I", words[0], *source, *words[1:])

    return inject


def detour(service: str, to: str, port: int, **mood: float) -> Inject:
    """The service's packets to the other's port take a road that is slow, or loses some."""

    def inject(deployment: Deployment) -> None:
        state, there = deployment.state, address(deployment, to)
        write_json(deployment.file(f"run/{_DETOUR}.json"), mood)
        docker(
            *("run", "-d", "--label", f"aura.drill={state.project}"),
            *("--name", f"{state.project}-{_DETOUR}"),
            *("--network", f"container:{deployment.container(service)}"),
            *("--cap-add", "NET_ADMIN", "--device", "/dev/net/tun"),
            *("-v", f"{deployment.folder}/run:/run/aura:ro", "-e", f"DRILL_ROAD={_DETOUR}"),
            *("-e", f"AURA_EDGE_BIND={_NEAR}", "-e", f"DRILL_ROAD_FILE=/run/aura/{_DETOUR}.json"),
            *(images.built("api", "current"), "python3", "-m", "drill.aura.road"),
        )
        until(lambda: _FAR in inside(deployment, service, "ip", "route", "get", _FAR), seconds=5)
        until(lambda: _NEAR in inside(deployment, service, "ip", "-o", "addr"), seconds=5)
        inside(deployment, service, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        tcp, dnat = ("-p", "tcp", "--dport", str(port)), ("-j", "DNAT", "--to-destination")
        for words in (
            ("OUTPUT", "-d", there, *tcp, *dnat, _FAR),
            ("PREROUTING", "-i", _DETOUR, *tcp, *dnat, there),
            ("POSTROUTING", "-s", _FAR, "-o", "eth0", "-j", "MASQUERADE"),
        ):
            inside(deployment, service, "iptables", "-w", "-t", "nat", "-I", *words)
        # What was connected before goes on straight: it is cut off, and comes back the long way.
        rule(service, "OUTPUT", "-d", there, *tcp, "-j", "REJECT", "--reject-with", "tcp-reset")(
            deployment
        )

    return inject


def in_turn(*injects: Inject) -> Inject:
    """One after the other."""

    def inject(deployment: Deployment) -> None:
        for one in injects:
            one(deployment)

    return inject


def both(*sabotages: Sabotage) -> Sabotage:
    """All are put in, and all hold."""
    return Sabotage(
        in_turn(*(one.inject for one in sabotages)),
        lambda deployment: all(one.holds(deployment) for one in sabotages),
    )


def forget_sessions(deployment: Deployment) -> None:
    """Every session of Aura Flow has been told to end; what it does next, it does anew."""
    psql(
        deployment,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'aura'",
    )


def login_failure(deployment: Deployment) -> str:
    """What a login with the published password fails with; empty when it works."""
    at = address(deployment, "postgres")
    if not at:
        return "no address"
    password = deployment.secret("db-password")
    return refusal(hostaddr=at, dbname="aura", user="aura", password=password)


def status(deployment: Deployment, path: str = "/healthz") -> int | str:
    """What port 3001 of the host answers, or what kept it from answering."""
    try:
        with httpx.Client(trust_env=False, timeout=3.0) as http:
            return http.get(f"{deployment.state.api_url}{path}").status_code
    except httpx.HTTPError as failure:
        return str(failure) or type(failure).__name__


def cost(deployment: Deployment) -> dict[str, Any]:
    """What the API says of its spending; empty where it says nothing."""
    with suppress(httpx.HTTPError, ValueError), httpx.Client(trust_env=False, timeout=3) as http:
        return dict(http.get(f"{deployment.state.api_url}/monitoring/ai/cost").json())
    return {}


def ran_for(deployment: Deployment, service: str) -> float:
    """How long the service's process has been running, in seconds."""
    pid = facts(deployment, service)["State"]["Pid"]
    return float(ran(["ps", "-o", "etimes=", "-p", str(pid)], check=False).strip() or 0)
