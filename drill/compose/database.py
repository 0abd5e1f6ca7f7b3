"""The database of the deployment: its roles, its tables, and whoever puts them right."""

from __future__ import annotations

from drill.compose.deployment import Deployment
from drill.compose.engine import docker, ran
from drill.postgres import SEED
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError

_ROLES = (("aura", "db-password"), ("reports", "reports-password"))
_RENAMED = "aura_old"


def furnish(deployment: Deployment) -> None:
    """The database of Aura Flow is there, with its roles and tables, and lets everybody in."""
    if not until(lambda: takes_orders(deployment), seconds=30, every=0.2):
        raise RunbookError(say("compose.no_database", folder=deployment.folder))
    names = psql(deployment, "SELECT datname FROM pg_database").split()
    roles = psql(deployment, "SELECT rolname FROM pg_roles").split()
    for role, secret in _ROLES:
        if role not in roles:
            psql(deployment, f"CREATE ROLE {role}")
        psql(
            deployment,
            f"ALTER ROLE {role} LOGIN CONNECTION LIMIT -1 PASSWORD '{deployment.secret(secret)}';"
            f"ALTER ROLE {role} RESET ALL",
        )
    if _RENAMED in names and "aura" not in names:
        psql(deployment, f"ALTER DATABASE {_RENAMED} RENAME TO aura")
        names.append("aura")
    if "aura" in names and not _is_seeded(deployment):
        psql(deployment, "DROP DATABASE aura WITH (FORCE)")
        names.remove("aura")
    if "aura" not in names:
        psql(deployment, "CREATE DATABASE aura OWNER aura")
        psql(deployment, ";".join(SEED), "aura")
    psql(
        deployment,
        "GRANT pg_monitor TO aura; GRANT CONNECT ON DATABASE aura TO PUBLIC;"
        "ALTER DATABASE aura RESET ALL; ALTER DATABASE aura ALLOW_CONNECTIONS true"
        " CONNECTION LIMIT -1",
    )


def back_up(deployment: Deployment) -> None:
    """There is a backup that the deployment's own script has made."""
    if not any(deployment.file("backups").glob("aura-*.dump")):
        ran([str(deployment.file("scripts/backup.sh"))], cwd=deployment.folder)


def takes_orders(deployment: Deployment) -> bool:
    """Whether the server serves, and may write."""
    asked = "SELECT NOT pg_is_in_recovery()"
    container = deployment.container("postgres")
    return bool(container) and docker("exec", *_psql(container, asked), check=False).strip() == "t"


def psql(deployment: Deployment, text: str, database: str = "postgres") -> str:
    """What the server answered its superuser, one value a line."""
    return docker("exec", *_psql(deployment.container("postgres"), text, database)).strip()


def _psql(container: str, text: str, database: str = "postgres") -> list[str]:
    return [
        *("-e", "PGOPTIONS=-c default_transaction_read_only=off", "-e", "PGCONNECT_TIMEOUT=3"),
        *(container, "psql", "-U", "postgres", "-d", database),
        *("-v", "ON_ERROR_STOP=1", "-Atqc", text),
    ]


def _is_seeded(deployment: Deployment) -> bool:
    psql(deployment, "ALTER DATABASE aura ALLOW_CONNECTIONS true")
    asked = "SELECT to_regclass('workflows') IS NOT NULL AND to_regclass('quota') IS NOT NULL"
    return psql(deployment, asked, "aura") == "t"
