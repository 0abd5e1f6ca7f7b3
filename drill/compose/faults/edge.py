"""The way users come in - name, road, certificate, nginx - and breaking it."""

from __future__ import annotations

from collections.abc import Callable

from drill.aura.names import address_of
from drill.compose.beside import beside
from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.faults.means import Inject, restart
from drill.compose.folder import issue, point_names
from drill.faults.sabotage import Sabotage
from drill.health import healthy, visit
from drill.place import write_json

_RIGHT = "http://api:3001"
_ELSEWHERE = "127.0.0.9"
_MISTRUST = "CERTIFICATE_VERIFY_FAILED"
SILENT = ("timed out", "Timeout")


def gets(*seen: int | str) -> Callable[[Deployment], bool]:
    """Whether a user gets that status, or is kept out with those words."""

    def holds(deployment: Deployment) -> bool:
        got = visit(deployment)
        return any(
            got == one if isinstance(one, int) else isinstance(got, str) and one in got
            for one in seen
        )

    return holds


def _leads_to(place: str, times: int = 1) -> Inject:
    """Users are handed on to that place; with `times` two, so is port 3001 of the host."""

    def inject(deployment: Deployment) -> None:
        file = deployment.file("nginx/nginx.conf")
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(_RIGHT, place, times), encoding="utf-8")
        restart(deployment, "nginx")

    return inject


def _certificate(days: float = 90, name: str = "", starts: float = -1) -> Inject:
    def inject(deployment: Deployment) -> None:
        issue(deployment, name or deployment.state.edge_host, days, starts=starts)
        restart(deployment, "nginx")

    return inject


def _by_a_stranger(deployment: Deployment) -> None:
    issue(deployment, by_a_stranger=True)
    restart(deployment, "nginx")


def _road(**mood: float) -> Inject:
    return lambda deployment: write_json(deployment.file("run/road.json"), mood)


def _resolver(verb: str) -> Inject:
    def inject(deployment: Deployment) -> None:
        docker(*verb.split(), beside(deployment, "dns"))

    return inject


def _dawdle(deployment: Deployment) -> None:
    write_json(deployment.file("run/dns-mood.json"), {"seconds": 0.6})


def _freeze_road(deployment: Deployment) -> None:
    docker("pause", beside(deployment, "road"))


def _resolves(deployment: Deployment) -> str:
    state = deployment.state
    try:
        return address_of(state.edge_host, state.dns_address, state.dns_port)
    except OSError:
        return ""


def _unresolved(deployment: Deployment) -> bool:
    return not _resolves(deployment)


SABOTAGES = {
    "edge-name-removed": Sabotage(lambda one: point_names(one, None), _unresolved),
    "edge-name-elsewhere": Sabotage(
        lambda one: point_names(one, _ELSEWHERE), lambda one: _resolves(one) == _ELSEWHERE
    ),
    "resolver-stopped": Sabotage(_resolver("stop -t 1"), _unresolved),
    "resolver-paused": Sabotage(_resolver("pause"), _unresolved),
    "resolver-slow": Sabotage(_dawdle, lambda one: bool(_resolves(one))),
    "road-closed": Sabotage(_road(loss=1.0), gets(*SILENT)),
    "road-frozen": Sabotage(_freeze_road, gets(*SILENT)),
    "road-long": Sabotage(_road(seconds=0.3), gets(200)),
    "road-lossy": Sabotage(_road(loss=0.25), gets(200, *SILENT)),
    "upstream-wrong-port": Sabotage(_leads_to("http://api:3002"), gets(502)),
    "upstream-unknown": Sabotage(_leads_to("http://backend:3001"), gets(502)),
    "upstream-another-service": Sabotage(_leads_to("http://frontend:3000"), gets(404)),
    "upstream-wrong-everywhere": Sabotage(_leads_to("http://api:3002", times=2), gets(502)),
    "certificate-expired": Sabotage(_certificate(-2), gets(_MISTRUST)),
    "certificate-expiring": Sabotage(_certificate(5), gets(200)),
    "certificate-of-another": Sabotage(_certificate(name="www.aura.drill"), gets(_MISTRUST)),
    "certificate-of-a-stranger": Sabotage(_by_a_stranger, gets(_MISTRUST)),
    "certificate-too-early": Sabotage(_certificate(starts=3), gets(_MISTRUST)),
    "certificate-in-time": Sabotage(_certificate(40), healthy),
    "edge-just-restarted": Sabotage(lambda one: restart(one, "nginx"), healthy),
}
