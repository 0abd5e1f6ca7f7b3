"""The folder of a deployment: what stands there before anything runs."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import socket
from importlib import resources
from ipaddress import IPv4Network, ip_network

import trustme

from drill.certificates import certificate
from drill.compose.deployment import EDGE_HOST, Deployment, State, home
from drill.compose.engine import docker
from drill.place import Place, write_json
from drill.preparation import free_ports, road

_API_PORT, _EDGE_PORT = 3001, 443
_SECRETS = ("superuser-password", "db-password", "reports-password", "ai-key")


def plan(place: Place) -> Deployment:
    """The addresses of a deployment that does not stand yet."""
    folder = home(place)
    subnet = _free_subnet()
    near, far = road() or ("127.0.0.1", "127.0.0.1")
    # A drill that is healed gives its port back for a moment: only who is alone may take it.
    alone = not docker("ps", "-aq", "--filter", "label=aura.drill").strip()
    api_port = _port("127.0.0.1", _API_PORT) if alone else free_ports(1)[0]
    edge_port = _EDGE_PORT if near != far else _port(near, _EDGE_PORT)
    return Deployment(
        folder,
        State(
            project=project_of(place),
            directory=str(folder),
            subnet=str(subnet),
            api_port=api_port,
            api_url=f"http://127.0.0.1:{api_port}",
            edge_host=EDGE_HOST,
            edge_port=edge_port,
            edge_url=f"https://{EDGE_HOST}:{edge_port}",
            edge_bind=near,
            edge_addresses=[far],
            edge_ca_file=str(folder / "certs" / "ca.pem"),
            dns_address=str(subnet[250]),
            dns_port=53,
            db_name="aura",
            db_user="aura",
            db_password_file=str(folder / "run" / "secrets" / "db-password"),
            ai_key_file=str(folder / "run" / "secrets" / "ai-key"),
            data_dir="/var/lib/postgresql/data",
        ),
    )


def project_of(place: Place) -> str:
    """The name that compose knows the drill of this place by, and of no other on this machine."""
    return "aura-drill-" + hashlib.sha256(str(place.folder).encode()).hexdigest()[:6]


def lay(deployment: Deployment) -> None:
    """Every file is as a deployment starts from it, whatever became of it; data are left alone."""
    folder = deployment.folder
    for name in ("nginx", "postgres", "scripts", "certs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("backups", "pgdata", "certs", "scripts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(str(resources.files("drill") / "compose" / "site"), folder, dirs_exist_ok=True)
    for name in ("docker-compose.override.yml", "docker-compose.override.yaml"):
        (folder / name).unlink(missing_ok=True)
    write_environment(deployment)
    _lay_secrets(deployment)
    set_apart(deployment)
    calm(deployment)
    point_names(deployment)
    issue(deployment)


def write_environment(deployment: Deployment, **other: str) -> None:
    """What the compose file takes from `.env`, with other values where they are given."""
    state = deployment.state
    usual = {
        "COMPOSE_PROJECT_NAME": state.project,
        "IMAGES": state.project,
        "API_TAG": "current",
        "FRONTEND_TAG": "current",
        "API_PORT": state.api_port,
        "EDGE_PORT": state.edge_port,
        "EDGE_BIND": state.edge_bind,
        "SUBNET": state.subnet,
        "PGDATA": deployment.disk,
    }
    text = "".join(f"{name}={value}\n" for name, value in {**usual, **other}.items())
    deployment.file(".env").write_text(text, encoding="utf-8")


def write_secret(deployment: Deployment, name: str, value: str) -> None:
    """The secret has this value from now on."""
    file = deployment.secrets / name
    file.touch(mode=0o600)
    file.write_text(value, encoding="utf-8")


def set_apart(deployment: Deployment, **settings: str) -> None:
    """From its next start the API has these settings, and otherwise those of its environment."""
    write_json(deployment.file("run/settings.json"), settings)


def calm(deployment: Deployment) -> None:
    """The AI provider, the name server and the road are in their usual mood."""
    for name in ("ai-mood", "dns-mood", "road"):
        write_json(deployment.file(f"run/{name}.json"), {})


def point_names(deployment: Deployment, address: str | None = "") -> None:
    """Users are led to the edge, or to another address; None is nowhere."""
    right = deployment.state.edge_addresses[0]
    names = {} if address is None else {EDGE_HOST: address or right}
    write_json(deployment.file("run/zone.json"), names)


def issue(
    deployment: Deployment,
    name: str = EDGE_HOST,
    days: float = 90,
    *,
    by_a_stranger: bool = False,
    starts: float = -1,
) -> None:
    """The edge has a certificate for the name from its next start on."""
    authority = deployment.file("authority")
    if not authority.exists():
        made = trustme.CA(organization_name="Aura drill")
        authority.mkdir(mode=0o700)
        (authority / "ca.pem").write_bytes(made.cert_pem.bytes())
        (authority / "ca-key.pem").write_bytes(made.private_key_pem.bytes())
    ca = (authority / "ca.pem").read_bytes()
    key = (authority / "ca-key.pem").read_bytes()
    chain, private = certificate(ca, key, name, days, by_a_stranger=by_a_stranger, starts=starts)
    certs = deployment.file("certs")
    for file, content in (("ca.pem", ca), ("edge.pem", chain), ("edge-key.pem", private)):
        (certs / file).write_bytes(content)


def _lay_secrets(deployment: Deployment) -> None:
    deployment.secrets.mkdir(parents=True, exist_ok=True)
    for name in _SECRETS:
        if not (deployment.secrets / name).exists():
            write_secret(deployment, name, secrets.token_urlsafe(18))
    write_secret(deployment, "api-db-password", deployment.secret("db-password"))
    for name in ("api-ai-key", "provider-ai-key"):
        write_secret(deployment, name, deployment.secret("ai-key"))


def _port(address: str, wanted: int) -> int:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, wanted))
        except OSError:
            return free_ports(1)[0]
    return wanted


def _free_subnet() -> IPv4Network:
    taken = []
    if nets := docker("network", "ls", "-q").split():
        for facts in json.loads(docker("network", "inspect", *nets)):
            taken += [ip_network(one["Subnet"]) for one in facts["IPAM"].get("Config") or ()]
    while True:
        found = IPv4Network(f"10.{secrets.randbelow(32) + 64}.{secrets.randbelow(256)}.0/24")
        if not any(found.overlaps(one) for one in taken if isinstance(one, IPv4Network)):
            return found
