"""The database server: who may log in, who holds what, its settings and its disk."""

from __future__ import annotations

import threading

from drill.compose.database import psql
from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.faults.means import (
    Inject,
    forget_sessions,
    in_turn,
    login_failure,
    restart,
)
from drill.compose.folder import set_apart, write_secret
from drill.faults.disk import DOCUMENT, fill
from drill.faults.sabotage import Sabotage
from drill.faults.sessions import POOL_MAX, ROLE_SLOTS
from drill.health import complains, database_complaint, healthy, readiness, reads, writes
from drill.wait import until

_LOCK = "BEGIN; LOCK TABLE workflows IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3600)"
_CHANGE = "BEGIN; UPDATE quota SET used = used WHERE tenant = 'aura'; SELECT pg_sleep(0)"
_SLEEP = "SELECT pg_sleep(3600)"
_LEAD = "SELECT pg_advisory_lock(1), pg_sleep(3600)"
_BLOCKED = "usename = 'aura' AND wait_event_type = 'Lock' AND now() - query_start > '2 seconds'"


def _says(*statements: str) -> Inject:
    """The superuser says so, one statement after the other, and Aura Flow logs in anew."""

    def inject(deployment: Deployment) -> None:
        for statement in statements:
            psql(deployment, statement)
        forget_sessions(deployment)

    return inject


def _with(**settings: str) -> Inject:
    """The server has these settings from now on."""

    def inject(deployment: Deployment) -> None:
        text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        deployment.file("postgres/sabotage.conf").write_text(text, encoding="utf-8")
        psql(deployment, "SELECT pg_reload_conf()")

    return inject


def _reports(statement: str, times: int = 1) -> Inject:
    """The other tenant of the server says that, in so many sessions, and stays."""

    def inject(deployment: Deployment) -> None:
        words = ("-e", "PGAPPNAME=nightly-report", deployment.container("postgres"))
        for _ in range(times):
            docker("exec", "-d", *words, "psql", "-U", "reports", "-d", "aura", "-c", statement)

    return inject


def _leave_transaction(deployment: Deployment) -> None:
    # A psql that is given no more to say stays in its transaction, and idles.
    docker(
        *("exec", "-d", "-e", "PGAPPNAME=nightly-report", deployment.container("postgres")),
        *("sh", "-c", f'(echo "{_CHANGE};"; exec sleep 3600) | exec psql -U reports -d aura'),
    )


def _count(deployment: Deployment, condition: str) -> int:
    return int(psql(deployment, f"SELECT count(*) FROM pg_stat_activity WHERE {condition}"))  # noqa: S608


def _pile_up(deployment: Deployment) -> None:
    until(lambda: _count(deployment, "usename = 'reports'") > 0, seconds=5)
    # The load alone would fill the pool too, but slowly, and a diagnosis must not see it fill.
    for _ in range(POOL_MAX):
        threading.Thread(target=writes, args=(deployment,), daemon=True).start()


def _pool_waits_for_locks(deployment: Deployment) -> bool:
    return _count(deployment, _BLOCKED) >= POOL_MAX and complains(deployment, "couldn't get")


def _take_every_slot(deployment: Deployment) -> None:
    # While the other tenant takes every slot, the API may not be quicker.
    _says("ALTER ROLE aura CONNECTION LIMIT 0")(deployment)
    _reports(_SLEEP, ROLE_SLOTS + 3)(deployment)
    until(lambda: _count(deployment, "usename = 'reports'") >= ROLE_SLOTS, seconds=8)
    psql(deployment, "ALTER ROLE aura CONNECTION LIMIT -1")


def _reject(deployment: Deployment) -> None:
    file = deployment.file("postgres/pg_hba.conf")
    rules = file.read_text(encoding="utf-8")
    file.write_text(f"host all aura 0.0.0.0/0 reject\n{rules}", encoding="utf-8")
    psql(deployment, "SELECT pg_reload_conf()")
    until(lambda: bool(login_failure(deployment)), seconds=5)
    forget_sessions(deployment)


def _api_with(**settings: str) -> Inject:
    def inject(deployment: Deployment) -> None:
        set_apart(deployment, **settings)
        restart(deployment, "api")

    return inject


def _give_wrong_password(deployment: Deployment) -> None:
    write_secret(deployment, "api-db-password", "last-years-password")
    restart(deployment, "api")


def _leak_the_pool(deployment: Deployment) -> None:
    body = ("exec", deployment.container("api"), "curl", "-s", "-m", "4", "-X", "POST")
    for _ in range(POOL_MAX):
        docker(*body, "http://localhost:3001/api/export", check=False)


def _fill_up(deployment: Deployment) -> None:
    # Vacuum would give back a page now and then, and a checkpoint writes files of its own.
    _with(autovacuum="off", checkpoint_timeout="1d")(deployment)
    psql(deployment, "SELECT pg_switch_wal()")
    psql(deployment, "CHECKPOINT")
    fill(deployment.disk / "ballast")


def _freeze_every_process(deployment: Deployment) -> None:
    docker("kill", "--signal", "STOP", deployment.container("postgres"))
    docker("exec", deployment.container("postgres"), "pkill", "-STOP", "postgres")


def _writes_fail_for_good(deployment: Deployment) -> bool:
    tries = [writes(deployment, DOCUMENT), *(writes(deployment) for _ in range(5))]
    return not any(tries) and readiness(deployment).get("status") == "healthy"


def _turned_away(inject: Inject, text: str) -> Sabotage:
    """A fault in which both a responder and the API are told the same."""
    return Sabotage(inject, lambda one: text in login_failure(one) and complains(one, text))


def _api_is_told(inject: Inject, text: str) -> Sabotage:
    """A fault of the API's own: a responder gets in."""
    return Sabotage(inject, lambda one: not login_failure(one) and complains(one, text))


_RENAME = (
    "ALTER DATABASE aura ALLOW_CONNECTIONS false",
    "SELECT pg_terminate_backend(pid, 3000) FROM pg_stat_activity WHERE datname = 'aura'",
    "ALTER DATABASE aura RENAME TO aura_old",
    "ALTER DATABASE aura_old ALLOW_CONNECTIONS true",
)

SABOTAGES = {
    "password-changed": _turned_away(
        _says("ALTER ROLE aura PASSWORD 'changed-and-nobody-told'"),
        "password authentication failed",
    ),
    "login-revoked": _turned_away(_says("ALTER ROLE aura NOLOGIN"), "not permitted to log in"),
    "pg-hba-rejects": _turned_away(_reject, "pg_hba.conf rejects connection"),
    "connections-forbidden": _turned_away(
        _says("ALTER DATABASE aura ALLOW_CONNECTIONS false"), "not currently accepting"
    ),
    "database-renamed": _turned_away(_says(*_RENAME), "does not exist"),
    "connections-exhausted": _turned_away(_take_every_slot, "connection slots"),
    "role-connection-limit": _turned_away(
        _says("ALTER ROLE aura CONNECTION LIMIT 0"), "too many connections for role"
    ),
    "api-wrong-password": _api_is_told(_give_wrong_password, "password authentication failed"),
    "api-wrong-library": _api_is_told(_api_with(AURA_DB_NAME="aura_staging"), "does not exist"),
    "api-wrong-database-host": _api_is_told(_api_with(AURA_DB_HOST="db"), ""),
    "pool-leaked": _api_is_told(_leak_the_pool, "couldn't get a connection"),
    "table-locked": Sabotage(in_turn(_reports(_LOCK), _pile_up), _pool_waits_for_locks),
    "idle-in-transaction": Sabotage(in_turn(_leave_transaction, _pile_up), _pool_waits_for_locks),
    "commits-wait": Sabotage(
        in_turn(_with(synchronous_standby_names="standby_of_last_year"), _pile_up),
        lambda one: _count(one, "wait_event = 'SyncRep'") > 0 and complains(one, "couldn't get"),
    ),
    "leader-waits": Sabotage(
        _reports(_LEAD, times=2),
        lambda one: _count(one, "wait_event = 'advisory'") > 0 and healthy(one),
    ),
    "read-only": Sabotage(
        in_turn(_with(default_transaction_read_only="on"), forget_sessions),
        lambda one: reads(one) and not writes(one),
    ),
    "volume-full": Sabotage(_fill_up, _writes_fail_for_good),
    "database-hung": Sabotage(
        _freeze_every_process,
        lambda one: database_complaint(one) is not None and "timeout" in login_failure(one),
    ),
}
