"""The way users come in - names, road, certificate, edge - and breaking it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable

from drill import supervision
from drill.aura.names import address_of
from drill.certificates import issue
from drill.faults.backlog import widen_backlog
from drill.faults.sabotage import Sabotage, send_saboteur
from drill.health import answers, healthy, readiness, visit
from drill.parts import API, DNS, EDGE, ROAD, has_road
from drill.place import Drill, write_json
from drill.preparation import calm, free_ports, point_names, set_apart
from drill.wait import until

NEARBY, SOON = 40, 5  # days a certificate is still good for
ELSEWHERE = "127.0.0.9"


def _point(**names: str | None) -> Callable[[Drill], None]:
    return lambda drill: point_names(drill, **names)


def _dawdle(drill: Drill) -> None:
    write_json(drill.dns_mood_file, {"seconds": 0.6})


def _part(act: Callable[[Drill, str], None], *parts: str) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        for part in parts:
            act(drill, part)

    return inject


def _freeze(drill: Drill, part: str) -> None:
    os.kill(supervision.pid_of(drill, part), signal.SIGSTOP)


def _road(**mood: float) -> Callable[[Drill], None]:
    return lambda drill: write_json(drill.road_file, mood)


def _certificate(
    days: float = 90, name: str = "api.aura.drill", *, by_a_stranger: bool = False, starts: int = -1
) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        issue(drill, name, days, by_a_stranger=by_a_stranger, starts=starts)
        supervision.restart(drill, EDGE)

    return inject


def _lead_to(port: Callable[[Drill], int]) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        set_apart(drill, AURA_UPSTREAM=f"http://127.0.0.1:{port(drill)}")
        supervision.restart(drill, EDGE)

    return inject


def _move_api(drill: Drill) -> None:
    set_apart(drill, AURA_API_PORT=str(free_ports(1)[0]))
    supervision.restart(drill, API)


def _take_port(*, speaks: bool) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        supervision.stop(drill, API)
        send_saboteur(drill, "take_port", port=drill.state.api_port, speaks=speaks)

    return inject


def _swallow_api(drill: Drill) -> None:
    pid = supervision.pid_of(drill, API)
    os.kill(pid, signal.SIGSTOP)
    # The queue is its own, so nobody else is seen on its port; a full one drops handshakes.
    widen_backlog(pid, drill.state.api_port, places=0)
    send_saboteur(drill, "fill_queue", port=drill.state.api_port)


def _show_a_page(drill: Drill) -> None:
    port = free_ports(1)[0]
    send_saboteur(drill, "show_a_page", port=port)
    _lead_to(lambda _: port)(drill)


def _close_route(drill: Drill) -> None:
    _route(drill, "add")


def open_route(drill: Drill) -> None:
    """The machine knows nothing any more of a route that was closed."""
    if has_road(drill):
        _route(drill, "del")


def _route(drill: Drill, what: str) -> None:
    words = ["ip", "route", what, "unreachable", f"{drill.state.edge_addresses[0]}/32"]
    subprocess.run(words, capture_output=True, check=False)


def _ask_for_nothing(drill: Drill) -> None:
    send_saboteur(drill, "ask_for_nothing", count=400)
    until(lambda: (drill.run / "burst-done").exists(), seconds=10)


def _resolves(drill: Drill) -> str:
    state = drill.state
    try:
        return address_of(state.edge_host, state.dns_address, state.dns_port)
    except OSError:
        return ""


def _somebody_else_answers(drill: Drill) -> bool:
    at = ("127.0.0.1", drill.state.api_port)
    with socket.socket() as knock:
        return knock.connect_ex(at) == 0 and not readiness(drill)


def _gets(*seen: int | str) -> Callable[[Drill], bool]:
    """Whether a user gets that status, or is kept out with those words."""

    def holds(drill: Drill) -> bool:
        got = visit(drill)
        return any(
            got == one if isinstance(one, int) else isinstance(got, str) and one in got
            for one in seen
        )

    return holds


def mend(drill: Drill) -> None:
    """Users get to the edge over a good road, and it has its certificate and its settings."""
    for part in (EDGE, ROAD):
        pid = supervision.pid_of(drill, part)
        if pid:
            os.kill(pid, signal.SIGCONT)
    calm(drill)
    (drill.run / "burst-done").unlink(missing_ok=True)
    open_route(drill)
    if has_road(drill):
        supervision.start(drill, ROAD)
    set_apart(drill)
    issue(drill)
    supervision.restart(drill, EDGE)


_MISTRUST = "CERTIFICATE_VERIFY_FAILED"
_SILENT = ("timed out", "Timeout")

SABOTAGES = {
    "edge-name-removed": Sabotage(_point(api=None), lambda drill: not _resolves(drill)),
    "edge-resolver-stopped": Sabotage(
        _part(supervision.stop, DNS), lambda drill: not _resolves(drill)
    ),
    "edge-name-elsewhere": Sabotage(
        _point(api=ELSEWHERE), lambda drill: _resolves(drill) == ELSEWHERE
    ),
    "resolver-slow": Sabotage(_dawdle, lambda drill: bool(_resolves(drill))),
    "api-gone": Sabotage(_part(supervision.stop, API), lambda drill: not answers(drill)),
    "api-moved": Sabotage(_move_api, lambda drill: not answers(drill), needs_api_restart=True),
    "port-taken": Sabotage(_take_port(speaks=True), _somebody_else_answers),
    "port-taken-silently": Sabotage(_take_port(speaks=False), _somebody_else_answers),
    "api-port-dropped": Sabotage(_swallow_api, _gets(502, 504), needs_api_restart=True),
    "road-closed": Sabotage(_road(loss=1.0), _gets(*_SILENT)),
    "road-frozen": Sabotage(_part(_freeze, ROAD), _gets(*_SILENT)),
    "road-long": Sabotage(_road(seconds=0.3), _gets(200)),
    "road-longer": Sabotage(_road(seconds=0.6), _gets(200, *_SILENT)),
    "road-as-long-as-patience": Sabotage(_road(seconds=0.5), _gets(200, *_SILENT)),
    "road-lossy": Sabotage(_road(loss=0.25), _gets(200, *_SILENT)),
    "road-lossier": Sabotage(_road(loss=0.45), _gets(200, *_SILENT)),
    "route-closed": Sabotage(_close_route, _gets("No route", "unreachable")),
    "edge-stopped": Sabotage(_part(supervision.stop, EDGE), _gets("refused")),
    "edge-killed": Sabotage(_part(supervision.kill, EDGE), _gets("refused")),
    "edge-frozen": Sabotage(_part(_freeze, EDGE), _gets(*_SILENT)),
    "upstream-frozen": Sabotage(_part(_freeze, API), _gets(504)),
    "edge-leads-nowhere": Sabotage(_lead_to(lambda _: free_ports(1)[0]), _gets(502)),
    "edge-leads-astray": Sabotage(_lead_to(lambda drill: drill.state.ai_port), _gets(404)),
    "edge-shows-a-page": Sabotage(
        _show_a_page, lambda drill: visit(drill) == 200 and answers(drill)
    ),
    "certificate-expired": Sabotage(_certificate(-2), _gets(_MISTRUST)),
    "certificate-expiring": Sabotage(_certificate(SOON), _gets(200)),
    "certificate-of-another": Sabotage(_certificate(name="www.aura.drill"), _gets(_MISTRUST)),
    "certificate-of-a-stranger": Sabotage(_certificate(by_a_stranger=True), _gets(_MISTRUST)),
    "certificate-too-early": Sabotage(_certificate(starts=3), _gets(_MISTRUST)),
    "certificate-in-time": Sabotage(_certificate(NEARBY), healthy),
    "edge-just-restarted": Sabotage(_part(supervision.restart, EDGE), healthy),
    "burst-of-404": Sabotage(_ask_for_nothing, healthy),
}
