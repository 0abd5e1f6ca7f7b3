"""What containers are made of - their image, their health check - and making it wrong."""

from __future__ import annotations

from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.faults.means import Inject, facts, status
from drill.compose.folder import write_environment
from drill.compose.health import healthy
from drill.faults.sabotage import Sabotage
from drill.health import visit

_CHECK = "services: {{{service}: {{healthcheck: {{test: {test}, interval: 1s, retries: 2}}}}}}\n"
_ALWAYS, _NEVER = "[CMD, 'true']", "[CMD, curl, -fsS, 'http://localhost:3001/health']"


def _another_image(deployment: Deployment) -> None:
    write_environment(deployment, API_TAG="stable")
    deployment.compose("up", "-d", "--no-deps", "api")
    write_environment(deployment)


def _move_tag(deployment: Deployment) -> None:
    project = deployment.state.project
    docker("tag", f"{project}/api:stable", f"{project}/api:current")


def _check(service: str, test: str) -> Inject:
    """The service is asked for its health in another way."""

    def inject(deployment: Deployment) -> None:
        override = deployment.file("docker-compose.override.yml")
        override.write_text(_CHECK.format(service=service, test=test), encoding="utf-8")
        deployment.compose("up", "-d", "--no-deps", service)

    return inject


def _called(deployment: Deployment, service: str) -> str:
    return str(facts(deployment, service)["State"].get("Health", {}).get("Status", ""))


def _called_healthy_and_frozen(deployment: Deployment) -> None:
    _check("api", _ALWAYS)(deployment)
    docker("kill", "--signal", "STOP", deployment.container("api"))


def _wrong_image_runs(deployment: Deployment) -> bool:
    running = facts(deployment, "api")["Config"]["Image"]
    return running.endswith(":stable") and healthy(deployment)


SABOTAGES = {
    "wrong-image": Sabotage(_another_image, _wrong_image_runs),
    "tag-moved": Sabotage(_move_tag, healthy),
    "health-check-sees-nothing": Sabotage(
        _called_healthy_and_frozen,
        lambda one: _called(one, "api") == "healthy" and status(one) in (502, 504),
    ),
    "health-check-on-no-route": Sabotage(
        _check("api", _NEVER),
        lambda one: _called(one, "api") == "unhealthy" and visit(one) == 200,
    ),
}
