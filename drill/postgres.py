"""The drill's database server: made in a moment, thrown away afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from drill import tether
from drill.installation import account, programs
from drill.place import Drill
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError

SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{disk}'
unix_socket_permissions = 0700
hba_file = '{run}/pg_hba.conf'
max_connections = 20
superuser_reserved_connections = 3
password_encryption = scram-sha-256
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
min_wal_size = 32MB
max_wal_size = 64MB
lc_messages = C
log_lock_waits = on
include = '{run}/sabotage.conf'
"""

ACCESS = """\
local all postgres                scram-sha-256
host  all all      127.0.0.1/32   scram-sha-256
"""

# `reports` is the other tenant of the server: what holds locks and connections in a drill.
SEED: tuple[LiteralString, ...] = (
    "CREATE TABLE workflows (id bigserial PRIMARY KEY, title text NOT NULL, document text NOT NULL,"
    " summary text, created_at timestamptz NOT NULL DEFAULT now())",
    "ALTER TABLE workflows ALTER document SET STORAGE EXTERNAL",
    "CREATE TABLE quota (tenant text PRIMARY KEY, used bigint NOT NULL)",
    "INSERT INTO quota VALUES ('aura', 0)",
    "ALTER TABLE workflows OWNER TO aura",
    "ALTER TABLE quota OWNER TO aura",
    "GRANT ALL ON workflows, quota TO reports",
)


def make_cluster(drill: Drill) -> None:
    """A fresh data directory, with a generated password for the superuser."""
    who = account()
    password_file = drill.disk / "initial-password"
    password_file.touch(mode=0o600)
    password_file.write_text(drill.secret("superuser-password"), encoding="utf-8")
    if who is not None:
        os.chown(password_file, *who)
    done = subprocess.run(
        [
            *(sys.executable, "-I", "-S", tether.__file__, "KILL", account_argument(), "-"),
            *(programs() / "initdb", "--pgdata", drill.data, "--username", "postgres"),
            *("--pwfile", password_file, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions"),
        ],
        cwd=drill.run,
        capture_output=True,
        text=True,
        check=False,
    )
    password_file.unlink()
    if done.returncode != 0:
        raise RunbookError(say("up.initdb_failed", why=done.stderr.strip()))


def account_argument() -> str:
    """The server's account as the tether reads it."""
    who = account()
    return "-" if who is None else f"{who[0]}:{who[1]}"


def configure(drill: Drill) -> None:
    """The server is set as a drill wants it, with nothing of an earlier fault left."""
    text = SETTINGS.format(port=drill.state.db_port, disk=drill.disk, run=drill.run)
    _publish(drill.run / "postgresql.conf", text)
    _publish(drill.run / "pg_hba.conf", ACCESS)
    sabotage_settings(drill)
    with suppress(FileNotFoundError):
        (drill.data / "standby.signal").unlink()


def sabotage_settings(drill: Drill, **settings: str) -> None:
    """These settings win over the configured ones from the next reload or start."""
    text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    _publish(drill.run / "sabotage.conf", text)


def reject(drill: Drill, role: str) -> None:
    """The access rules turn the role away from the next reload on."""
    _publish(drill.run / "pg_hba.conf", f"host all {role} 127.0.0.1/32 reject\n{ACCESS}")


def _publish(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)


def superuser(drill: Drill, database: str = "postgres") -> psycopg.Connection:
    """A session of the drill's own, wherever the server now listens; it may always write."""
    return psycopg.connect(
        host=str(drill.disk),
        port=_listening_port(drill),
        user="postgres",
        password=drill.secret("superuser-password"),
        dbname=database,
        application_name="drill",
        # Settings are reloaded in the server's own time: a healed server may still say read-only.
        options="-c default_transaction_read_only=off",
        autocommit=True,
        connect_timeout=3,
    )


def _listening_port(drill: Drill) -> int:
    try:
        return int((drill.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[3])
    except (FileNotFoundError, IndexError, ValueError):
        return drill.state.db_port


def takes_orders(drill: Drill) -> bool:
    """Whether the server serves, on the port it should, and may write."""
    try:
        with superuser(drill) as session:
            row = session.execute(
                "SELECT NOT pg_is_in_recovery() AND current_setting('port')::int = %s",
                [drill.state.db_port],
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def seed(drill: Drill) -> None:
    """The database of Aura Flow, empty, with its role and its tables."""
    if not until(lambda: takes_orders(drill), seconds=10):
        raise RunbookError(say("up.postgres_failed", log=drill.place.logs / "postgres.log"))
    with superuser(drill) as session:
        session.execute("CREATE ROLE aura")
        session.execute("CREATE ROLE reports")
        session.execute("GRANT pg_monitor TO aura")
        session.execute("CREATE DATABASE aura OWNER aura")
        open_the_door(drill, session)
    with superuser(drill, "aura") as session:
        for statement in SEED:
            session.execute(statement)


def open_the_door(drill: Drill, session: psycopg.Connection) -> None:
    """Both roles may log in with the passwords in the drill's secrets, as often as they like."""
    for role, secret in (("aura", "db-password"), ("reports", "reports-password")):
        # Hashed here, so that the password is in no log even if the statement fails.
        hashed = session.pgconn.encrypt_password(
            drill.secret(secret).encode(), role.encode(), b"scram-sha-256"
        )
        session.execute(
            sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT -1 PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(hashed.decode())
            )
        )
