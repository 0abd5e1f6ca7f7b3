"""What stands beside the deployment: the internet's name server, the users, and their road."""

from __future__ import annotations

from drill.compose import images
from drill.compose.deployment import Deployment
from drill.compose.engine import docker


def stand_road(deployment: Deployment) -> None:
    """The addresses of the edge exist, and what users send comes to it over the road."""
    if deployment.has_road:
        _stand(
            deployment,
            "road",
            *("--network", "host", "--cap-add", "NET_ADMIN", "--device", "/dev/net/tun"),
            *("-e", f"DRILL_ROAD={device(deployment)}"),
            *("-e", f"AURA_EDGE_BIND={deployment.state.edge_bind}"),
            *("-e", "DRILL_ROAD_FILE=/run/aura/road.json"),
        )


def stand_others(deployment: Deployment) -> None:
    """Names can be looked up, and users are at it."""
    state = deployment.state
    _stand(
        deployment,
        "dns",
        *("--network", deployment.network, "--ip", state.dns_address),
        *("-e", "AURA_BIND=0.0.0.0", "-e", f"DRILL_DNS_PORT={state.dns_port}"),
        *("-e", "DRILL_ZONE_FILE=/run/aura/zone.json"),
        *("-e", "DRILL_DNS_MOOD_FILE=/run/aura/dns-mood.json"),
    )
    _stand(
        deployment,
        "load",
        *("--network", deployment.network, "-e", "AURA_API_URL=http://nginx:3001"),
        name="users",
    )


def device(deployment: Deployment) -> str:
    """The road's device; the kernel allows fifteen letters."""
    return f"aura{deployment.state.project[-8:]}".replace("-", "")[:15]


def beside(deployment: Deployment, name: str) -> str:
    """The container `dns`, `users` or `road`."""
    return f"{deployment.state.project}-{name}"


def clear_beside(project: str) -> None:
    """Nothing stands beside the deployment any more, nor what a fault has put there."""
    for kind, remove in (("ps -aq", "rm -f -v"), ("network ls -q", "network rm")):
        found = docker(*kind.split(), "--filter", f"label=aura.drill={project}").split()
        if found:
            docker(*remove.split(), *found, check=False)


def _stand(deployment: Deployment, module: str, *options: str, name: str = "") -> None:
    docker(
        *("run", "-d", "--label", f"aura.drill={deployment.state.project}"),
        *("--name", beside(deployment, name or module)),
        *("-v", f"{deployment.folder}/run:/run/aura:ro", *options),
        *(images.built("api", "current"), "python3", "-m", f"drill.aura.{module}"),
    )
