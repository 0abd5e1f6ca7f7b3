"""Containers stopped, paused, killed, gone, or cut off from the others."""

from __future__ import annotations

from collections.abc import Callable

from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.faults.edge import SILENT, gets
from drill.compose.faults.means import (
    Inject,
    does,
    facts,
    forget_sessions,
    in_turn,
    login_failure,
    status,
)
from drill.faults.sabotage import Sabotage
from drill.health import complains, provider_complaint, visit


def _detach(service: str) -> Inject:
    def inject(deployment: Deployment) -> None:
        docker("network", "disconnect", deployment.network, deployment.container(service))

    return inject


def _lose_alias(service: str) -> Inject:
    """The container is in the network again, and nobody told it what it is called there."""

    def inject(deployment: Deployment) -> None:
        docker("network", "connect", deployment.network, deployment.container(service))

    return in_turn(_detach(service), inject)


def _database_is_ill(deployment: Deployment) -> bool:
    return complains(deployment, "")


def _provider_is_ill(deployment: Deployment) -> bool:
    return provider_complaint(deployment) is not None


def _ends_at_start(service: str, file: str, line: str) -> Inject:
    """The service's configuration has a mistake, and Docker starts it over and over."""

    def inject(deployment: Deployment) -> None:
        path = deployment.file(file)
        path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
        docker("restart", "--time", "2", deployment.container(service), check=False)

    return inject


def _restarted(service: str, times: int) -> Callable[[Deployment], bool]:
    return lambda deployment: facts(deployment, service).get("RestartCount", 0) >= times


_BAD_GATEWAY = gets(502, 504)
_KEPT_WAITING = gets(*SILENT)

SABOTAGES = {
    "database-stopped": Sabotage(does("stop -t 3", "postgres"), _database_is_ill),
    "database-killed": Sabotage(does("kill", "postgres"), _database_is_ill),
    "database-removed": Sabotage(does("rm -f", "postgres"), _database_is_ill),
    "database-paused": Sabotage(does("pause", "postgres"), _database_is_ill),
    "database-detached": Sabotage(
        _detach("postgres"), lambda one: _database_is_ill(one) and login_failure(one) != ""
    ),
    "database-without-its-name": Sabotage(
        in_turn(_lose_alias("postgres"), forget_sessions),
        lambda one: _database_is_ill(one) and not login_failure(one),
    ),
    "database-will-not-start": Sabotage(
        _ends_at_start("postgres", "postgres/postgresql.conf", "shared_bufers = 16MB"),
        _restarted("postgres", 3),
    ),
    "api-stopped": Sabotage(does("stop -t 2", "api"), lambda one: status(one) == 502),
    "api-killed": Sabotage(does("kill", "api"), lambda one: status(one) == 502),
    "api-removed": Sabotage(does("rm -f", "api"), lambda one: status(one) == 502),
    "api-paused": Sabotage(does("pause", "api"), _BAD_GATEWAY),
    "api-frozen": Sabotage(does("kill --signal STOP", "api"), _BAD_GATEWAY),
    "api-detached": Sabotage(_detach("api"), _BAD_GATEWAY),
    "api-without-its-name": Sabotage(_lose_alias("api"), _BAD_GATEWAY),
    "edge-stopped": Sabotage(does("stop -t 2", "nginx"), gets("refused")),
    "edge-killed": Sabotage(does("kill", "nginx"), gets("refused")),
    "edge-removed": Sabotage(does("rm -f", "nginx"), gets("refused")),
    "edge-paused": Sabotage(does("pause", "nginx"), _KEPT_WAITING),
    "edge-detached": Sabotage(_detach("nginx"), lambda one: visit(one) != 200),
    "edge-will-not-start": Sabotage(
        _ends_at_start("nginx", "nginx/nginx.conf", "htp {}"), _restarted("nginx", 3)
    ),
    "frontend-stopped": Sabotage(
        does("stop -t 2", "frontend"),
        lambda one: facts(one, "frontend")["State"]["Status"] == "exited",
    ),
    "provider-stopped": Sabotage(does("stop -t 2", "ai"), _provider_is_ill),
    "provider-killed": Sabotage(does("kill", "ai"), _provider_is_ill),
    "provider-paused": Sabotage(does("pause", "ai"), _provider_is_ill),
    "provider-removed": Sabotage(does("rm -f", "ai"), _provider_is_ill),
    "provider-detached": Sabotage(_detach("ai"), _provider_is_ill),
}
