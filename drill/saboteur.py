"""What must go on for as long as a fault is in: sessions held, locks held, a port that swallows.

It is a part like the others, so it ends when it is stopped and when the drill does.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg

from drill import hogs
from drill.place import Drill, Place, read_drill, read_json

Act = Callable[..., None]


def hold_connections(drill: Drill) -> None:
    """Every connection the server has left for ordinary roles is ours."""
    held = []
    while True:
        with suppress(psycopg.OperationalError):
            while True:
                held.append(_session(drill))
        time.sleep(0.1)


def hold_session(drill: Drill) -> None:
    """One session stays, so that a server that waits for its sessions goes on waiting."""
    session = _session(drill)
    session.execute("SELECT 1")
    signal.pause()


def lock_table(drill: Drill) -> None:
    """Nobody else reads or writes workflows."""
    with _session(drill, autocommit=False) as session:
        session.execute("LOCK TABLE workflows IN ACCESS EXCLUSIVE MODE")
        signal.pause()


def leave_transaction(drill: Drill) -> None:
    """A row that every write needs was changed, and neither committed nor rolled back."""
    with _session(drill, autocommit=False) as session:
        session.execute("UPDATE quota SET used = used WHERE tenant = 'aura'")
        signal.pause()


def swallow_port(drill: Drill, port: int) -> None:
    """The port takes part in no handshake: its queue is full and nobody empties it."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(0)
        fill_queue(drill, port)


def fill_queue(drill: Drill, port: int) -> None:
    """Whoever listens there has a full queue."""
    del drill
    queued = []
    for _ in range(4):
        waiting = socket.socket()
        waiting.setblocking(False)
        with suppress(BlockingIOError):
            waiting.connect(("127.0.0.1", port))
        queued.append(waiting)
    signal.pause()


def compete_to_lead(drill: Drill) -> None:
    """Of two of a kind one leads, and the other waits for its turn, as elections by lock do."""
    leader = _session(drill)
    leader.execute("SELECT pg_advisory_lock(1)")
    _session(drill).execute("SELECT pg_advisory_lock(1)")


def keep_busy(drill: Drill) -> None:
    """Two eager callers, and a short lock every second: much work, and nothing wrong."""
    for _ in range(2):
        threading.Thread(target=_call_eagerly, args=(drill,), daemon=True).start()
    with _session(drill) as session:
        while True:
            with session.transaction():
                session.execute("LOCK TABLE workflows IN SHARE ROW EXCLUSIVE MODE")
                session.execute("SELECT pg_sleep(0.1)")
            time.sleep(1.0)


def _call_eagerly(drill: Drill) -> None:
    with httpx.Client(base_url=drill.state.api_url, trust_env=False) as http:
        while True:
            with suppress(httpx.HTTPError):
                http.get("/api/workflows")
                http.post("/api/workflows", json={"title": "busy"})
            time.sleep(0.02)


def _session(drill: Drill, autocommit: bool = True) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1",
        port=drill.state.db_port,
        dbname=drill.state.db_name,
        user="reports",
        password=drill.secret("reports-password"),
        application_name="nightly-report",
        autocommit=autocommit,
        connect_timeout=3,
    )


ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        hold_connections,
        hold_session,
        lock_table,
        leave_transaction,
        swallow_port,
        fill_queue,
        compete_to_lead,
        keep_busy,
        hogs.eat_memory,
        hogs.swap_to_and_fro,
        hogs.keep_restarting,
        hogs.import_for_ever,
        hogs.take_port,
        hogs.hang_up,
        hogs.show_a_page,
        hogs.swing,
        hogs.ask_for_nothing,
    )
}


def main() -> None:
    """The act that the drill's sabotage file names, until the process is killed."""
    drill = read_drill(Place(Path(os.environ["DRILL_FOLDER"])))
    orders = read_json(drill.sabotage_file) if drill else None
    if drill is None or orders is None:
        sys.exit("nothing to do")
    ACTS[orders.pop("act")](drill, **orders)


if __name__ == "__main__":
    main()
