"""The database server as processes on a host, and breaking those."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import psutil

from drill import postgres, processes, supervision
from drill.faults.access import restore_access
from drill.faults.backlog import widen_backlog
from drill.faults.sabotage import Sabotage, send_saboteur
from drill.faults.sessions import sessions_of_reports, terminate
from drill.health import complains, login_failure
from drill.parts import POSTGRES, SABOTEUR
from drill.place import Drill
from drill.preparation import free_ports
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError


def server_processes(drill: Drill) -> Iterator[psutil.Process]:
    """The postmaster and all its children, also those that have lost it."""
    return processes.standing_in(drill.data)


def _stop(drill: Drill) -> None:
    supervision.stop(drill, POSTGRES)


def _kill(drill: Drill) -> None:
    supervision.kill(drill, POSTGRES)
    until(lambda: not any(server_processes(drill)), seconds=5)


def _recover(drill: Drill) -> None:
    supervision.stop(drill, POSTGRES)
    (drill.data / "standby.signal").touch(mode=0o600)
    postgres.sabotage_settings(drill, hot_standby="off")
    supervision.start(drill, POSTGRES)


def _shut_down_slowly(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        send_saboteur(drill, "hold_session")
        until(lambda: sessions_of_reports(drill) > 0, seconds=5)
        os.kill(supervision.pid_of(drill, POSTGRES), signal.SIGTERM)
        until(lambda: "shutting down" in login_failure(drill), seconds=5)
        terminate(session)


def _freeze(drill: Drill) -> None:
    widen_backlog(supervision.pid_of(drill, POSTGRES), drill.state.db_port)
    # The postmaster first, so that it starts no child that would be missed.
    os.kill(supervision.pid_of(drill, POSTGRES), signal.SIGSTOP)
    processes.send(signal.SIGSTOP, server_processes(drill))


def _freeze_postmaster(drill: Drill) -> None:
    widen_backlog(supervision.pid_of(drill, POSTGRES), drill.state.db_port)
    with postgres.superuser(drill) as session:
        os.kill(supervision.pid_of(drill, POSTGRES), signal.SIGSTOP)
        terminate(session)


def _move(drill: Drill) -> None:
    postgres.sabotage_settings(drill, port=str(free_ports(1)[0]))
    supervision.restart(drill, POSTGRES)


def _drop(drill: Drill) -> None:
    _move(drill)
    send_saboteur(drill, "swallow_port", port=drill.state.db_port)


def _give_port_away(drill: Drill) -> None:
    supervision.stop(drill, POSTGRES)
    send_saboteur(drill, "take_port", port=drill.state.db_port, speaks=True)


def mend(drill: Drill) -> None:
    """The server runs, on its port, with its settings, its roles and its database."""
    supervision.stop(drill, SABOTEUR)
    postgres.configure(drill)
    processes.send(signal.SIGCONT, server_processes(drill))
    if not postgres.takes_orders(drill):
        supervision.stop(drill, POSTGRES)
        until(lambda: not any(server_processes(drill)), seconds=5)
        supervision.start(drill, POSTGRES)
        if not until(lambda: postgres.takes_orders(drill), seconds=8):
            raise RunbookError(say("heal.failed", why=say("heal.database_ill")))
    with postgres.superuser(drill) as session:
        session.execute("SELECT pg_reload_conf()")
        restore_access(drill, session)


def _silent(inject: Callable[[Drill], None]) -> Sabotage:
    """A fault in which the port accepts and then nobody speaks, or does not even accept."""
    return Sabotage(
        inject, lambda drill: "timeout" in login_failure(drill) and complains(drill, "timeout")
    )


def _refused(inject: Callable[[Drill], None]) -> Sabotage:
    """A fault in which nobody listens on the published port."""
    return Sabotage(
        inject, lambda drill: "refused" in login_failure(drill) and complains(drill, "refused")
    )


SABOTAGES = {
    "database-stopped": _refused(_stop),
    "database-killed": _refused(_kill),
    "database-recovering": Sabotage(
        _recover,
        lambda drill: (
            "not accepting connections" in login_failure(drill)
            and complains(drill, "not accepting connections", "starting up")
        ),
    ),
    "database-shutting-down": Sabotage(
        _shut_down_slowly,
        lambda drill: "shutting down" in login_failure(drill) and complains(drill, "shutting down"),
    ),
    "database-frozen": _silent(_freeze),
    "postmaster-frozen": _silent(_freeze_postmaster),
    "listening-elsewhere": _refused(_move),
    "port-dropped": _silent(_drop),
    "database-port-taken": Sabotage(
        _give_port_away, lambda drill: complains(drill, "invalid response", "closed", "timeout")
    ),
}
