"""The memory of containers, and taking it away."""

from __future__ import annotations

from collections.abc import Callable

from drill.compose import images
from drill.compose.beside import beside
from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.faults.means import Inject, facts, in_turn, ran_for, restart
from drill.compose.folder import set_apart
from drill.compose.health import healthy
from drill.faults.memory import GROWN_UP
from drill.faults.sabotage import Sabotage

_KILLED = 137
_HOG = "SELECT length(repeat('x', 900000000))"
_IMPORT = """
import os, time, httpx
body = os.urandom(200_000)
with httpx.Client(base_url="http://nginx:3001") as http:
    while True:
        try: http.post("/api/import", content=body)
        except httpx.HTTPError: pass
        time.sleep(0.1)
"""
# Every process of a cgroup, whichever of its controllers the path names.
_KILL = """
import os, pathlib, signal, sys, time
while True:
    time.sleep(1.5)
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if sys.argv[1] in (process / "cgroup").read_text():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError: pass
"""
NO_LIMIT = "services: {api: {mem_limit: 0, memswap_limit: 0}}\n"


def _release(**settings: str) -> Inject:
    def inject(deployment: Deployment) -> None:
        set_apart(deployment, **settings)
        restart(deployment, "api")

    return inject


def _start_with(megabytes: int) -> Inject:
    def inject(deployment: Deployment) -> None:
        docker("stop", "-t", "2", deployment.container("api"))
        update(deployment, megabytes)
        docker("start", deployment.container("api"))

    return inject


def update(deployment: Deployment, megabytes: int) -> None:
    """Somebody has given the API another limit, by hand."""
    size = f"{megabytes}m"
    docker("update", "--memory", size, "--memory-swap", size, deployment.container("api"))


def _limited_to(deployment: Deployment, megabytes: int) -> bool:
    return bool(facts(deployment, "api")["HostConfig"]["Memory"] == megabytes << 20)


def _never_again(deployment: Deployment) -> None:
    docker("update", "--restart", "no", deployment.container("api"))


def _forget_the_limit(deployment: Deployment) -> None:
    deployment.file("docker-compose.override.yml").write_text(NO_LIMIT, encoding="utf-8")
    deployment.compose("up", "-d", "--no-deps", "api")


def _ask_for_too_much(deployment: Deployment) -> None:
    words = ("psql", "-U", "reports", "-d", "aura", "-c", _HOG)
    docker("exec", deployment.container("postgres"), *words, check=False)


def _import_for_ever(deployment: Deployment) -> None:
    docker("exec", "-d", beside(deployment, "users"), "python3", "-c", _IMPORT)


def _kill_again_and_again(deployment: Deployment) -> None:
    """Somebody with `kill -9`: to Docker the process ends by itself, and is started again."""
    docker(
        *("run", "-d", "--label", f"aura.drill={deployment.state.project}", "--pid", "host"),
        *(images.built("api", "current"), "python3", "-c", _KILL, deployment.container("api")),
    )


def _restarts(deployment: Deployment) -> int:
    return int(facts(deployment, "api").get("RestartCount", 0))


def used(deployment: Deployment, service: str) -> float:
    """The share of its limit that the container's memory takes, as `docker stats` counts it."""
    container = deployment.container(service)
    said = docker("stats", "--no-stream", "--format", "{{.MemPerc}}", container)
    return float(said.strip().rstrip("%") or 0) / 100


def _ends(times: int) -> Callable[[Deployment], bool]:
    return lambda deployment: _restarts(deployment) >= times


def _is_gone(deployment: Deployment) -> bool:
    state = facts(deployment, "api")["State"]
    return bool(state["Status"] == "exited" and state["ExitCode"] == _KILLED)


def _lost_a_child(deployment: Deployment) -> bool:
    # The container lives on, so Docker does not call it killed.
    said = docker("logs", "--tail", "200", deployment.container("postgres"))
    return "was terminated by signal 9" in said


def _grown_up(deployment: Deployment) -> bool:
    return ran_for(deployment, "api") > GROWN_UP and healthy(deployment)


def _between(low: float, high: float) -> Callable[[Deployment], bool]:
    return lambda deployment: low < used(deployment, "api") < high and healthy(deployment)


def _unlimited(deployment: Deployment) -> bool:
    return _limited_to(deployment, 0) and healthy(deployment)


_LEAK = _release(AURA_LEAK_MB_PER_SECOND="150")

SABOTAGES = {
    "leak-until-killed": Sabotage(_LEAK, _ends(1)),
    "limit-too-low": Sabotage(_start_with(24), _ends(1)),
    "killed-and-gone": Sabotage(in_turn(_never_again, _LEAK), _is_gone),
    "report-eats-the-database": Sabotage(
        _ask_for_too_much,
        lambda one: _lost_a_child(one) and healthy(one),
    ),
    "leaking-release": Sabotage(_release(AURA_LEAK_MB_PER_SECOND="2"), _grown_up),
    "leaking-imports": Sabotage(_import_for_ever, _grown_up),
    "limit-forgotten": Sabotage(_forget_the_limit, _unlimited),
    "crashing-release": Sabotage(_release(AURA_CRASH_AFTER_SECONDS="0.8"), _ends(4)),
    "killed-again-and-again": Sabotage(_kill_again_and_again, _ends(3)),
    "limit-changed-by-hand": Sabotage(
        lambda one: update(one, 512), lambda one: healthy(one) and _limited_to(one, 512)
    ),
    "memory-near-its-limit": Sabotage(_release(AURA_HOLD_MB="262"), _between(0.87, 0.99)),
    "memory-high-and-flat": Sabotage(_release(AURA_HOLD_MB="150"), _between(0.55, 0.8)),
    "memory-warming-up": Sabotage(_release(AURA_WARM_UP_MB="40"), healthy),
}
