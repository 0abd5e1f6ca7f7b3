"""The sessions on the database server, and breaking what they share."""

from __future__ import annotations

import threading
from typing import LiteralString

import psycopg
from psycopg import sql

from drill import postgres
from drill.faults.sabotage import Sabotage, send_saboteur
from drill.health import complains, login_failure, writes
from drill.place import Drill
from drill.wait import until

_TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'aura'"
_BLOCKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'aura' AND wait_event_type = 'Lock'"
    " AND now() - query_start > interval '2 seconds'"
)
_UNCONFIRMED = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    " AND now() - query_start > interval '2 seconds'"
)
_WAITS_TO_LEAD = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
    " AND now() - query_start > interval '2 seconds'"
)
_HELD = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reports'"
_HOLDING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE usename = 'reports' AND state = 'idle in transaction'"
)
POOL_MAX = 5
ROLE_SLOTS = 17


def terminate(session: psycopg.Connection) -> None:
    """Every session of Aura Flow has been told to end; what it does next, it does anew."""
    session.execute(_TERMINATE)


def set_connection_limit(session: psycopg.Connection, limit: int) -> None:
    """Aura Flow may have this many sessions; -1 is no limit."""
    session.execute(
        sql.SQL("ALTER ROLE aura CONNECTION LIMIT {}").format(sql.Literal(limit)),
    )


def _limit_role(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        set_connection_limit(session, 0)
        terminate(session)


def _exhaust_server(drill: Drill) -> None:
    # While the saboteur takes every slot, the API may not be quicker.
    _limit_role(drill)
    send_saboteur(drill, "hold_connections")
    # Asked by a new session each time: one that stays would take a slot itself.
    until(lambda: sessions_of_reports(drill) >= ROLE_SLOTS, seconds=8)
    with postgres.superuser(drill) as session:
        set_connection_limit(session, -1)


def _lock_table(drill: Drill) -> None:
    send_saboteur(drill, "lock_table")
    _pile_up(drill)


def _leave_transaction(drill: Drill) -> None:
    send_saboteur(drill, "leave_transaction")
    _pile_up(drill)


def _wait_for_a_standby(drill: Drill) -> None:
    postgres.sabotage_settings(drill, synchronous_standby_names="standby_of_last_year")
    with postgres.superuser(drill) as session:
        session.execute("SELECT pg_reload_conf()")
    _write_at_once(drill)


def _write_at_once(drill: Drill) -> None:
    for _ in range(POOL_MAX):
        threading.Thread(target=writes, args=(drill,), daemon=True).start()


def _compete_to_lead(drill: Drill) -> None:
    send_saboteur(drill, "compete_to_lead")


def _pile_up(drill: Drill) -> None:
    until(lambda: _count(drill, _HOLDING) > 0, seconds=8)
    # The load alone would fill the pool too, but slowly, and a diagnosis must not see it fill.
    _write_at_once(drill)


def _pool_waits_for_locks(drill: Drill) -> bool:
    return _count(drill, _BLOCKED) >= POOL_MAX and complains(drill, "couldn't get")


def sessions_of_reports(drill: Drill) -> int:
    """How many sessions the other tenant of the server has."""
    return _count(drill, _HELD)


def _count(drill: Drill, query: LiteralString) -> int:
    with postgres.superuser(drill) as session:
        row = session.execute(query).fetchone()
    return int(row[0]) if row else 0


SABOTAGES = {
    "connections-exhausted": Sabotage(
        _exhaust_server,
        lambda drill: (
            "connection slots" in login_failure(drill) and complains(drill, "connection slots")
        ),
    ),
    "role-connection-limit": Sabotage(
        _limit_role,
        lambda drill: (
            "too many connections for role" in login_failure(drill)
            and complains(drill, "too many connections for role")
        ),
    ),
    "commits-wait": Sabotage(
        _wait_for_a_standby,
        lambda drill: _count(drill, _UNCONFIRMED) > 0 and complains(drill, "couldn't get"),
    ),
    "leader-waits": Sabotage(_compete_to_lead, lambda drill: _count(drill, _WAITS_TO_LEAD) > 0),
    "table-locked": Sabotage(_lock_table, _pool_waits_for_locks),
    "idle-in-transaction": Sabotage(_leave_transaction, _pool_waits_for_locks),
}
