"""Who may log in to which database, and breaking that."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

from drill import postgres
from drill.faults.sabotage import Sabotage
from drill.faults.sessions import terminate
from drill.health import complains, login_failure, reads, writes
from drill.place import Drill
from drill.wait import until

RENAMED = "aura_old"


def _change_password(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        session.execute("ALTER ROLE aura PASSWORD 'changed-and-nobody-told'")
        terminate(session)


def _revoke_login(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        session.execute("ALTER ROLE aura NOLOGIN")
        terminate(session)


def _reject(drill: Drill) -> None:
    postgres.reject(drill, "aura")
    with postgres.superuser(drill) as session:
        session.execute("SELECT pg_reload_conf()")
        # Terminated earlier, it would be back before the server has read its new rules.
        until(lambda: bool(login_failure(drill)), seconds=5)
        terminate(session)


def _rename(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        rename(session, "aura", RENAMED)


def rename(session: psycopg.Connection, old: str, new: str) -> None:
    """The database has the new name, and nobody was connected to it meanwhile."""
    was, becomes = sql.Identifier(old), sql.Identifier(new)
    session.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(was))
    session.execute(
        "SELECT pg_terminate_backend(pid, 3000) FROM pg_stat_activity WHERE datname = %s", [old]
    )
    session.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(was, becomes))
    session.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(becomes))


def restore_access(drill: Drill, session: psycopg.Connection) -> None:
    """Database and roles are as they were seeded."""
    names = [str(row[0]) for row in session.execute("SELECT datname FROM pg_database")]
    if RENAMED in names:
        rename(session, RENAMED, "aura")
    session.execute("ALTER DATABASE aura ALLOW_CONNECTIONS true")
    postgres.open_the_door(drill, session)


def _set_read_only(drill: Drill) -> None:
    postgres.sabotage_settings(drill, default_transaction_read_only="on")
    with postgres.superuser(drill) as session:
        session.execute("SELECT pg_reload_conf()")
        terminate(session)


def _forbid_connections(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        session.execute("ALTER DATABASE aura ALLOW_CONNECTIONS false")
        terminate(session)


def _turned_away(inject: Callable[[Drill], None], text: str) -> Sabotage:
    """A fault in which both a responder and the API are told the same."""
    return Sabotage(inject, lambda drill: text in login_failure(drill) and complains(drill, text))


SABOTAGES = {
    "password-changed": _turned_away(_change_password, "password authentication failed"),
    "login-revoked": _turned_away(_revoke_login, "is not permitted to log in"),
    "pg-hba-rejects": _turned_away(_reject, "pg_hba.conf rejects connection"),
    "database-renamed": _turned_away(_rename, "does not exist"),
    "connections-forbidden": _turned_away(_forbid_connections, "not currently accepting"),
    "read-only": Sabotage(_set_read_only, lambda drill: reads(drill) and not writes(drill)),
}
