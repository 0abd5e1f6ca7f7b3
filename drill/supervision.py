"""Starting, stopping and killing the drill's parts, through supervisord's socket."""

from __future__ import annotations

import os
import signal
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport

from drill.place import Drill
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError


def answers(drill: Drill) -> bool:
    """Whether supervisord takes orders."""
    try:
        return bool(_ask(drill, "getSupervisorVersion"))
    except OSError:
        return False


def pid_of(drill: Drill, part: str) -> int:
    """The process of a part; 0 while it does not run."""
    return int(_ask(drill, "getProcessInfo", part)["pid"])


def start(drill: Drill, part: str) -> None:
    """The part has been started, unless it ran already."""
    _ask(drill, "startProcess", part, False, forgiving=Faults.ALREADY_STARTED)


def stop(drill: Drill, part: str) -> None:
    """The part does not run."""
    _ask(drill, "stopProcess", part, False, forgiving=Faults.NOT_RUNNING)
    _gone(drill, part)


def kill(drill: Drill, part: str) -> None:
    """The part was killed and does not run."""
    pid = pid_of(drill, part)
    if pid:
        os.kill(pid, signal.SIGKILL)
    _gone(drill, part)


def restart(drill: Drill, part: str) -> None:
    """The part runs, and is a new process."""
    stop(drill, part)
    start(drill, part)


def forget_history(drill: Drill) -> None:
    """supervisord remembers nothing of what it started and what ended."""
    _ask(drill, "clearLog")


def _gone(drill: Drill, part: str) -> None:
    if not until(lambda: pid_of(drill, part) == 0, seconds=8, every=0.03):
        raise RunbookError(say("heal.will_not_stop", part=part))


def _ask(drill: Drill, method: str, *arguments: object, forgiving: int | None = None) -> Any:
    transport = SupervisorTransport(None, None, f"unix://{drill.state.supervisor_socket}")
    supervisor = ServerProxy("http://localhost", transport=transport).supervisor
    try:
        return getattr(supervisor, method)(*arguments)
    except Fault as fault:
        if fault.faultCode == forgiving:
            return None
        raise RunbookError(say("heal.supervisor_refused", why=fault.faultString)) from fault
    finally:
        transport.close()
