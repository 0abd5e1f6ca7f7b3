"""Whether the database of a deployment is called as the target says, and whom it knows."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg

from runbook.access import database_password
from runbook.model import Target
from runbook.probes.look import KEPT, CouldNotLook
from runbook.probes.network import some_places
from runbook.words import say

_ALL = "select rolname from pg_roles where rolname !~ '^pg_'"
_DATABASES = "select datname from pg_database"
_SEES = "select pg_has_role('pg_read_all_stats', 'usage')"


class Known(NamedTuple):
    """How the login ended, empty where it was let in, and the names the server knows."""

    refusal: str
    databases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    sees_all: bool = False


def known_to(target: Target, limit: float) -> Known:
    """What the server says to a login as the target has it; raises CouldNotLook."""
    database = target.database
    places = some_places(target, database.host, database.port, limit)
    password = database_password(target)
    if password is None:
        raise CouldNotLook(say("probe.no_password"))
    try:
        with psycopg.connect(
            host=places[0][0],
            port=places[0][1],
            dbname=database.name,
            user=database.user,
            password=password,
            connect_timeout=max(2, int(limit)),
            application_name="runbook",
            autocommit=True,
            options=f"-c default_transaction_read_only=on -c statement_timeout={int(limit * 1000)}",
        ) as session:
            return Known(
                "",
                _names(session, _DATABASES),
                _names(session, _ALL),
                bool(_names(session, _SEES)[0]),
            )
    except psycopg.OperationalError as error:
        if error.sqlstate is None and "FATAL" not in str(error):
            raise CouldNotLook(say("probe.no_login", detail=str(error)[:200])) from error
        return Known(str(error)[:KEPT].strip())


def _names(session: psycopg.Connection[Any], query: str) -> tuple[Any, ...]:
    return tuple(row[0] for row in session.execute(query.encode()).fetchall())
