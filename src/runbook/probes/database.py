"""Logging in to the database as the API does, and asking it how it is."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from runbook.access import database_password
from runbook.model import Target
from runbook.probes.look import KEPT, CouldNotLook, Saw
from runbook.probes.network import some_places
from runbook.probes.shared import Turns
from runbook.words import say

# Read by libpq, and no parameter of a connection (libpq-envars).
_BESIDE = {"PGSERVICEFILE", "PGSYSCONFDIR", "PGLOCALEDIR", "PGDATESTYLE", "PGTZ", "PGGEQO"}
Places = Sequence[tuple[str, int]]
_SESSIONS = Turns(at_once=1)  # of each process: a server of a hundred tenants has few to spare

_SERVER = """
select current_setting('server_version') as version,
       pg_is_in_recovery() as in_recovery,
       current_setting('default_transaction_read_only') = 'on' as read_only,
       current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true), '0')::int as maximum,
       (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
       pg_has_role('pg_read_all_stats', 'usage') as sees_all
"""

# A query is cut between words: half a password is still one.
_OPEN_TRANSACTIONS = r"""
select pid, usename, application_name, state,
       case when length(query) < 200 then query
            else regexp_replace(left(query, 200), '\S+$', '') end as query, wait_event,
       extract(epoch from now() - xact_start)::float as seconds,
       extract(epoch from now() - query_start)::float as query_seconds
  from pg_stat_activity
 where xact_start is not null and backend_type = 'client backend' and pid <> pg_backend_pid()
 order by xact_start limit 10
"""

# pg_locks.waitstart is when the wait began; the query may have begun long before.
_BLOCKED = r"""
select a.pid, pg_blocking_pids(a.pid) as blockers,
       case when length(a.query) < 200 then a.query
            else regexp_replace(left(a.query, 200), '\S+$', '') end as query, l.locktype,
       extract(epoch from now() - coalesce(l.waitstart, a.query_start))::float as seconds
  from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted
 where a.wait_event_type = 'Lock'
 order by seconds desc limit 20
"""


def database_session(target: Target, limit: float) -> Saw:
    """`{outcome, ...}`: ok with how the server is; else failed with its words, timeout or slow.

    Slow is a server that answered but did not let us in within the limit.  The session only ever
    reads, and says so to the server.
    """
    places = tuple(some_places(target, target.database.host, target.database.port, limit))
    with _SESSIONS.turn(places):
        return _session(target, places, limit)


def _session(target: Target, places: Places, limit: float) -> Saw:
    deadline = time.monotonic() + limit
    _forget_libpq_environment()
    pgconn = pq.PGconn.connect_start(_conninfo(target, places).encode())
    try:
        refusal = _connect(pgconn, deadline)
        if refusal is not None:
            return {**refusal, "limit": limit}
        try:
            return {"outcome": "ok", **_ask(pgconn, deadline)}
        except psycopg.Error as error:
            # It let us in, and then cut us off or would not do what we asked: also an answer.
            return {"outcome": "failed", "message": str(error)[:KEPT].strip(), "limit": limit}
    finally:
        pgconn.finish()


def _conninfo(target: Target, places: Places) -> str:
    database = target.database
    return make_conninfo(
        host=",".join([database.host] * len(places)),
        hostaddr=",".join(address for address, _ in places),
        port=",".join(str(port) for _, port in places),
        dbname=database.name,
        user=database.user,
        password=database_password(target) or "",  # else it would show PGPASSWORD to a stranger
        application_name="runbook",
        client_encoding="UTF8",
        gssencmode="disable",
    )


def _forget_libpq_environment() -> None:
    """A responder's PGOPTIONS or PGSSLMODE would colour what is seen; libpq cannot be told so.

    Any other PG... may be what the password of another target is called.
    """
    known = {one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    for name in (known | _BESIDE) - {"PGPASSWORD"}:
        os.environ.pop(name, None)


def _connect(pgconn: pq.abc.PGconn, deadline: float) -> Saw | None:
    """None once connected; otherwise how it ended."""
    reached = answered = False
    while True:
        step = pgconn.connect_poll()
        if step == pq.PollingStatus.OK:
            return None
        if step == pq.PollingStatus.FAILED:
            return _refusal(pgconn)
        reading = [pgconn.socket] if step == pq.PollingStatus.READING else []
        writing = [pgconn.socket] if step == pq.PollingStatus.WRITING else []
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not any(select.select(reading, writing, [], remaining)):
            if not reached:
                return {"outcome": "failed", "message": "TCP: timed out"}
            return {"outcome": "slow" if answered else "timeout"}
        reached, answered = True, answered or bool(reading)


def _refusal(pgconn: pq.abc.PGconn) -> Saw:
    message = pgconn.get_error_message()[:KEPT].strip()
    if pgconn.needs_password:
        raise CouldNotLook(say("probe.no_password"))
    return {"outcome": "failed", "message": _sentence(message)}


def _sentence(message: str) -> str:
    """The last line that says something: earlier ones repeat it for other address families."""
    lines = [line.strip() for line in message.splitlines() if "failed: " in line] or [message]
    return lines[-1].split("failed: ", 1)[-1].strip()


def _ask(pgconn: pq.abc.PGconn, deadline: float) -> Saw:
    connection: psycopg.Connection[Any] = psycopg.Connection(pgconn, row_factory=dict_row)
    connection.autocommit = True
    remaining = max(100, int((deadline - time.monotonic()) * 1000))
    connection.execute("select set_config('statement_timeout', %s, false)", [str(remaining)])
    server = connection.execute(_SERVER).fetchone() or {}
    # Only now: before, it would have hidden whether writing is the server's own default.
    connection.execute("set default_transaction_read_only = on")
    return {
        "server": server,
        "transactions": connection.execute(_OPEN_TRANSACTIONS).fetchall(),
        "blocked": connection.execute(_BLOCKED).fetchall(),
    }
