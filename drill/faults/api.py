"""The API as a process, and breaking that."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import httpx

from drill import supervision
from drill.faults.sabotage import Sabotage, send_saboteur
from drill.faults.sessions import POOL_MAX
from drill.health import answers, complains, database_complaint, healthy, login_failure, readiness
from drill.parts import AI, API, LOAD
from drill.place import Drill
from drill.preparation import free_ports, give_api_its_password, set_apart
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError


def _stop(drill: Drill) -> None:
    supervision.stop(drill, API)


def _kill(drill: Drill) -> None:
    supervision.kill(drill, API)


def _freeze(drill: Drill) -> None:
    os.kill(supervision.pid_of(drill, API), signal.SIGSTOP)


def _give_wrong_password(drill: Drill) -> None:
    give_api_its_password(drill.place, "last-years-password")
    supervision.restart(drill, API)


def _set_wrong(**settings: str) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        set_apart(drill, **settings)
        supervision.restart(drill, API)

    return inject


def _wrong_port(drill: Drill) -> None:
    _set_wrong(AURA_DB_PORT=str(free_ports(1)[0]))(drill)


def _leak_the_pool(drill: Drill) -> None:
    for _ in range(POOL_MAX):
        httpx.post(f"{drill.state.api_url}/api/export", timeout=4.0, trust_env=False)


def _stop_provider(drill: Drill) -> None:
    supervision.stop(drill, AI)


def _keep_busy(drill: Drill) -> None:
    send_saboteur(drill, "keep_busy")


def _only_the_provider_is_ill(drill: Drill) -> bool:
    checks = readiness(drill).get("checks", {})
    ill = [name for name, check in checks.items() if check["status"] == "unhealthy"]
    return ill == ["ai_provider"]


def mend(drill: Drill, *, by_restart: bool) -> None:
    """The API is up and healthy, and so is everything it calls."""
    give_api_its_password(drill.place)
    pid = supervision.pid_of(drill, API)
    if pid:
        os.kill(pid, signal.SIGCONT)
    if by_restart:
        supervision.stop(drill, API)
    for part in (API, LOAD):
        supervision.start(drill, part)
    if until(lambda: healthy(drill), seconds=6):
        return
    supervision.restart(drill, API)
    if not until(lambda: healthy(drill), seconds=8):
        raise RunbookError(say("heal.failed", why=say("heal.api_ill")))


SABOTAGES = {
    "api-stopped": Sabotage(_stop, lambda drill: not answers(drill)),
    "api-killed": Sabotage(_kill, lambda drill: not answers(drill)),
    "api-frozen": Sabotage(_freeze, lambda drill: not answers(drill)),
    "api-wrong-password": Sabotage(
        _give_wrong_password,
        lambda drill: (
            not login_failure(drill) and complains(drill, "password authentication failed")
        ),
        needs_api_restart=True,
    ),
    "api-wrong-library": Sabotage(
        _set_wrong(AURA_DB_NAME="aura_staging"),
        lambda drill: not login_failure(drill) and complains(drill, "does not exist"),
        needs_api_restart=True,
    ),
    "api-wrong-database-port": Sabotage(
        _wrong_port,
        lambda drill: not login_failure(drill) and complains(drill, "refused"),
        needs_api_restart=True,
    ),
    "api-starting": Sabotage(
        _set_wrong(AURA_LATE_SECONDS="14"),
        lambda drill: not answers(drill),
        needs_api_restart=True,
    ),
    "pool-leaked": Sabotage(
        _leak_the_pool,
        lambda drill: not login_failure(drill) and complains(drill, "couldn't get a connection"),
        needs_api_restart=True,
    ),
    "ai-down-only": Sabotage(_stop_provider, _only_the_provider_is_ill),
    "busy-but-healthy": Sabotage(
        _keep_busy, lambda drill: healthy(drill) and database_complaint(drill) is None
    ),
}
