"""Bringing the compose drill up, and taking it down."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import socket
from collections.abc import Callable
from importlib import resources
from ipaddress import IPv4Network, ip_network
from pathlib import Path

import trustme

from drill.compose import health, images
from drill.compose.deployment import (
    EDGE_HOST,
    Deployment,
    State,
    docker,
    home,
    read_deployment,
    write_state,
)
from drill.place import Place, write_json
from drill.preparation import free_ports
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError

_API_PORT, _EDGE_PORT = 3001, 443
_SECRETS = ("superuser-password", "db-password", "reports-password", "ai-key")


def up(place: Place, progress: Callable[[str], None]) -> Deployment:
    """The compose drill of this place, running and healthy; one that runs is left alone."""
    running = find(place)
    if running is not None:
        return running
    progress(say("compose.images"))
    images.build()
    deployment = prepare(place)
    progress(say("compose.starting"))
    deployment.compose("up", "-d", "--remove-orphans")
    _beside(deployment)
    _seed(deployment)
    if not until(lambda: health.all_run(deployment), seconds=60, every=0.3):
        raise RunbookError(say("compose.never_healthy", folder=deployment.folder))
    write_state(deployment)
    return deployment


def find(place: Place) -> Deployment | None:
    """The compose drill of this place where its containers are there."""
    deployment = read_deployment(place)
    if deployment is None or not deployment.container("api"):
        return None
    return deployment


def down(place: Place) -> bool:
    """Whether there was a compose drill; in any case nothing of one is left."""
    folder = home(place)
    project = project_of(place)
    mine = docker("ps", "-aq", "--filter", f"label=com.docker.compose.project={project}").split()
    mine += docker("ps", "-aq", "--filter", f"label=aura.drill={project}").split()
    if mine:
        docker("rm", "-f", "-v", *mine)
    for net in docker(
        "network", "ls", "-q", "--filter", f"label=com.docker.compose.project={project}"
    ).split():
        docker("network", "rm", net)
    there = folder.exists()
    shutil.rmtree(folder, ignore_errors=True)
    return bool(mine) or there


def project_of(place: Place) -> str:
    """The name that compose knows the drill of this place by."""
    if place.folder == Path(".drill").resolve():
        return "aura-drill"
    return "aura-drill-" + hashlib.sha256(str(place.folder).encode()).hexdigest()[:6]


def prepare(place: Place) -> Deployment:
    """The folder of the deployment, with everything it starts from; nothing runs yet."""
    folder = home(place)
    shutil.rmtree(folder, ignore_errors=True)
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(str(resources.files("drill") / "compose" / "site"), folder)
    subnet = _free_subnet()
    api_port, edge_port = _port(_API_PORT), _port(_EDGE_PORT)
    deployment = Deployment(
        folder,
        State(
            project=project_of(place),
            directory=str(folder),
            api_port=api_port,
            api_url=f"http://127.0.0.1:{api_port}",
            edge_host=EDGE_HOST,
            edge_port=edge_port,
            edge_url=f"https://{EDGE_HOST}:{edge_port}",
            edge_bind="127.0.0.1",
            edge_addresses=["127.0.0.1"],
            edge_ca_file=str(folder / "certs" / "ca.pem"),
            dns_address=str(subnet[250]),
            dns_port=53,
            db_password_file=str(folder / "run" / "secrets" / "db-password"),
            ai_key_file=str(folder / "run" / "secrets" / "ai-key"),
            data_dir="/var/lib/postgresql/data",
        ),
    )
    for name in ("backups", "pgdata", "certs"):
        (folder / name).mkdir()
    deployment.secrets.mkdir(parents=True)
    for name in _SECRETS:
        write_secret(deployment, name, secrets.token_urlsafe(18))
    write_secret(deployment, "api-db-password", deployment.secret("db-password"))
    for name in ("api-ai-key", "provider-ai-key"):
        write_secret(deployment, name, deployment.secret("ai-key"))
    for name in ("settings", "ai-mood", "dns-mood"):
        write_json(folder / "run" / f"{name}.json", {})
    write_json(folder / "run" / "zone.json", {EDGE_HOST: deployment.state.edge_addresses[0]})
    authority = trustme.CA(organization_name="Aura drill")
    authority.cert_pem.write_to_path(str(folder / "certs" / "ca.pem"))
    certificate = authority.issue_cert(EDGE_HOST)
    certificate.private_key_pem.write_to_path(str(folder / "certs" / "edge-key.pem"))
    (folder / "certs" / "edge.pem").write_bytes(
        b"".join(one.bytes() for one in certificate.cert_chain_pems)
    )
    (folder / ".env").write_text(
        "".join(
            f"{name}={value}\n"
            for name, value in {
                "COMPOSE_PROJECT_NAME": deployment.state.project,
                "IMAGES": images.PREFIX,
                "API_TAG": "current",
                "FRONTEND_TAG": "current",
                "API_PORT": api_port,
                "EDGE_PORT": edge_port,
                "EDGE_BIND": deployment.state.edge_bind,
                "SUBNET": subnet,
                "PGDATA": folder / "pgdata",
            }.items()
        ),
        encoding="utf-8",
    )
    return deployment


def write_secret(deployment: Deployment, name: str, value: str) -> None:
    """The secret has this value from now on."""
    file = deployment.secrets / name
    file.touch(mode=0o600)
    file.write_text(value, encoding="utf-8")


def _beside(deployment: Deployment) -> None:
    """What is not of the deployment: the name server of the internet, and the users."""
    state = deployment.state
    common = (
        *("run", "-d", "--label", f"aura.drill={state.project}"),
        *("--network", f"{state.project}_aura", "-v", f"{deployment.folder}/run:/run/aura:ro"),
    )
    image = f"{images.PREFIX}/api:current"
    docker(
        *common,
        *("--name", f"{state.project}-dns", "--ip", state.dns_address),
        *("-e", "AURA_BIND=0.0.0.0", "-e", f"DRILL_DNS_PORT={state.dns_port}"),
        *("-e", "DRILL_ZONE_FILE=/run/aura/zone.json"),
        *("-e", "DRILL_DNS_MOOD_FILE=/run/aura/dns-mood.json"),
        *(image, "python3", "-m", "drill.aura.dns"),
    )
    docker(
        *common,
        *("--name", f"{state.project}-users", "-e", "AURA_API_URL=http://nginx:3001"),
        *(image, "python3", "-m", "drill.aura.load"),
    )


def _seed(deployment: Deployment) -> None:
    """The database of Aura Flow, with its roles and its tables."""
    if not until(lambda: _answers(deployment), seconds=30, every=0.2):
        raise RunbookError(say("compose.never_healthy", folder=deployment.folder))
    for database, text in (
        ("postgres", "CREATE ROLE aura; CREATE ROLE reports; GRANT pg_monitor TO aura"),
        ("postgres", "CREATE DATABASE aura OWNER aura"),
        *(("postgres", _login(deployment, role, name)) for role, name in _ROLES),
        ("aura", ";".join(_seed_statements())),
    ):
        psql(deployment, text, database)


_ROLES = (("aura", "db-password"), ("reports", "reports-password"))


def _login(deployment: Deployment, role: str, secret: str) -> str:
    return f"ALTER ROLE {role} LOGIN CONNECTION LIMIT -1 PASSWORD '{deployment.secret(secret)}'"


def _seed_statements() -> tuple[str, ...]:
    from drill.postgres import SEED

    return SEED


def _answers(deployment: Deployment) -> bool:
    return "accepting" in docker(
        "exec", deployment.container("postgres"), "pg_isready", check=False
    )


def psql(deployment: Deployment, text: str, database: str = "postgres") -> str:
    """What the server answered its superuser, one value a line."""
    container = deployment.container("postgres")
    words = ("psql", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-Atqc", text)
    return docker("exec", container, *words).strip()


def _port(wanted: int) -> int:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", wanted))
        except OSError:
            return free_ports(1)[0]
    return wanted


def _free_subnet() -> IPv4Network:
    taken = []
    for net in docker("network", "ls", "-q").split():
        for facts in json.loads(docker("network", "inspect", net)):
            taken += [ip_network(one["Subnet"]) for one in facts["IPAM"].get("Config") or ()]
    while True:
        found = IPv4Network(f"10.{secrets.randbelow(32) + 64}.{secrets.randbelow(256)}.0/24")
        if not any(found.overlaps(one) for one in taken if isinstance(one, IPv4Network)):
            return found
