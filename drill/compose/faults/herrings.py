"""What looks like a fault and is none: other projects, other containers, old lines, hard work."""

from __future__ import annotations

from drill.compose.beside import beside
from drill.compose.deployment import LABEL, Deployment
from drill.compose.engine import docker
from drill.compose.faults.means import Inject, does, facts, in_turn, restart
from drill.compose.health import all_run, healthy
from drill.faults.sabotage import Sabotage
from drill.wait import until

_BUSY = """
import threading, time, httpx
def call():
    with httpx.Client(base_url="http://nginx:3001") as http:
        while True:
            try:
                http.get("/api/workflows")
                http.post("/api/workflows", json={"title": "busy"})
            except httpx.HTTPError: pass
            time.sleep(0.03)
for _ in range(2): threading.Thread(target=call).start()
"""
_404 = """
import httpx
with httpx.Client(base_url="http://nginx:3001") as http:
    for number in range(400):
        http.get(f"/old-page-{number}")
"""
_SAY = "import sys; print(sys.argv[1], file=open('/proc/1/fd/1', 'w'))"
_LAST_WEEK = (
    "2026-11-17 03:12:44,120 ERROR connection to the database failed: Connection refused",
    "2026-11-17 03:12:46,871 ERROR openai.RateLimitError: Error code: 429",
    "2026-11-17 03:13:01,002 kernel: Out of memory: Killed process 4711 (python3)",
)


def _users_run(code: str, *, wait: bool = False) -> Inject:
    def inject(deployment: Deployment) -> None:
        words = () if wait else ("-d",)
        docker("exec", *words, beside(deployment, "users"), "python3", "-c", code)

    return inject


def _scale(deployment: Deployment) -> None:
    deployment.compose("up", "-d", "--no-deps", "--scale", "api=3", "api")


def _pause_the_second(deployment: Deployment) -> None:
    until(lambda: _three_are_healthy(deployment), seconds=40, every=0.3)
    docker("pause", deployment.container("api", 2))


def _three_are_healthy(deployment: Deployment) -> bool:
    return healthy(deployment) and all(
        _called_healthy(deployment.container("api", number)) for number in (1, 2, 3)
    )


def _called_healthy(container: str) -> bool:
    return (
        bool(container)
        and docker("inspect", "--format", "{{.State.Health.Status}}", container).strip()
        == "healthy"
    )


def _recreate(deployment: Deployment) -> None:
    deployment.compose("up", "-d", "--no-deps", "--force-recreate", "api")


def _run_once(deployment: Deployment) -> None:
    deployment.compose("run", "-T", "--no-deps", "api", "false", check=False)


def _another_project(deployment: Deployment) -> None:
    """On the same host another project's API and database are long dead."""
    project = deployment.state.project
    for service in ("api", "postgres", "nginx"):
        docker(
            *("run", "-d", "--name", f"{project}-elsewhere_{service}_1"),
            *("--label", f"aura.drill={project}", "--label", f"{LABEL}.oneoff=False"),
            *("--label", f"{LABEL}.project={project}-elsewhere"),
            *("--label", f"{LABEL}.service={service}", "--label", f"{LABEL}.container-number=1"),
            *("--network", "none", facts(deployment, service)["Image"]),
            "false",
        )


def _remember(deployment: Deployment) -> None:
    for service in ("api", "ai"):
        for line in _LAST_WEEK:
            docker("exec", deployment.container(service), "python3", "-c", _SAY, line)


SABOTAGES = {
    "nothing-at-all": Sabotage(lambda _: None, healthy),
    "busy-but-healthy": Sabotage(_users_run(_BUSY), healthy),
    "burst-of-404": Sabotage(_users_run(_404, wait=True), healthy),
    "scaled-to-three": Sabotage(_scale, _three_are_healthy),
    "one-of-three-is-paused": Sabotage(in_turn(_scale, _pause_the_second), all_run),
    "api-just-restarted": Sabotage(lambda one: restart(one, "api"), healthy),
    "api-just-recreated": Sabotage(_recreate, healthy),
    "database-just-restarted": Sabotage(does("restart", "postgres"), healthy),
    "run-once-and-failed": Sabotage(_run_once, healthy),
    "another-project-is-dead": Sabotage(_another_project, healthy),
    "lines-of-last-week": Sabotage(_remember, healthy),
}
