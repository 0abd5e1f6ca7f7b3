"""What stands before anything runs: addresses, passwords, names."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import socket
from pathlib import Path

import psutil

from drill import confinement, processes
from drill.place import Drill, Place, State, write_json

# A unix socket's path is limited to 107 bytes, and the server's account must be able to walk there.
RUN_ROOT = Path("/tmp")  # noqa: S108
SECRETS = ("superuser-password", "db-password", "reports-password", "ai-key")


def plan(place: Place) -> Drill:
    """The addresses of a drill that does not stand yet."""
    run = RUN_ROOT / f"aura-drill-{secrets.token_hex(4)}"
    api, ai, db, dns, edge = free_ports(5)
    bind, users = road() or ("127.0.0.1", "127.0.0.1")
    return Drill(
        place,
        State(
            keeper_pid=os.getpid(),
            keeper_started=processes.born(os.getpid()),
            run_dir=str(run),
            api_port=api,
            api_url=f"http://127.0.0.1:{api}",
            ai_port=ai,
            ai_url=f"http://ai.aura.drill:{ai}",
            db_host="db.aura.drill",
            db_port=db,
            db_name="aura",
            db_user="aura",
            db_password_file=str(place.secrets / "db-password"),
            db_data_dir=str(run / "pg" / "data"),
            dns_address="127.0.0.1",
            dns_port=dns,
            supervisor_socket=str(run / "supervisor.sock"),
            edge_host="api.aura.drill",
            edge_port=edge,
            edge_url=f"https://api.aura.drill:{edge}",
            edge_bind=bind,
            edge_addresses=[users],
            edge_ca_file=str(run / "ca.pem"),
            ai_key_file=str(place.secrets / "ai-key"),
            limited=["api"] if confinement.possible() else [],
        ),
    )


def road() -> tuple[str, str] | None:
    """The two addresses of a road nobody has yet; None where we may not lay one."""
    if os.geteuid() != 0 or not os.access("/dev/net/tun", os.W_OK) or shutil.which("ip") is None:
        return None
    taken = {one.address for found in psutil.net_if_addrs().values() for one in found}
    while True:
        net = f"10.{random.randrange(96, 128)}.{random.randrange(256)}.{random.randrange(64) * 4}"  # noqa: S311
        base, _, last = net.rpartition(".")
        near, far = f"{base}.{int(last) + 1}", f"{base}.{int(last) + 2}"
        if near not in taken:
            return near, far


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, below those the kernel gives to clients.

    A client that tries a stopped part's port must not be handed that very port as its own.
    """
    ports: list[int] = []
    while len(ports) < count:
        port = random.randrange(15000, 32000)  # noqa: S311
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


def write_secrets(place: Place) -> None:
    """A new password for everything that has one."""
    place.secrets.mkdir(mode=0o700, exist_ok=True)
    for name in SECRETS:
        _write_secret(place, name, secrets.token_urlsafe(18))
    give_api_its_password(place)
    give_keys(place)


def give_keys(place: Place, api: str | None = None, provider: str | None = None) -> None:
    """API and AI provider have these keys, or the right one when none is given."""
    right = (place.secrets / "ai-key").read_text(encoding="utf-8")
    _write_secret(place, "api-ai-key", api or right)
    _write_secret(place, "provider-ai-key", provider or right)


def give_api_its_password(place: Place, password: str | None = None) -> None:
    """The API will log in with this password, or with the right one when none is given."""
    right = (place.secrets / "db-password").read_text(encoding="utf-8")
    _write_secret(place, "api-db-password", password or right)


def _write_secret(place: Place, name: str, value: str) -> None:
    file = place.secrets / name
    file.touch(mode=0o600)
    file.write_text(value, encoding="utf-8")


def restore_names(drill: Drill) -> None:
    """The DNS server knows every host of the drill, and answers at once."""
    point_names(drill)
    write_json(drill.dns_mood_file, {})


def point_names(drill: Drill, **elsewhere: str | None) -> None:
    """The hosts lead where they should, except those named here; None is nowhere."""
    right = {"db": "127.0.0.1", "ai": "127.0.0.1", "api": drill.state.edge_addresses[0]}
    now = {**right, **elsewhere}
    write_json(
        drill.zone_file, {f"{name}.aura.drill": at for name, at in now.items() if at is not None}
    )


def calm(drill: Drill) -> None:
    """The AI provider and the road in front of the edge behave as usual."""
    for mood in (drill.ai_mood_file, drill.road_file):
        write_json(mood, {})


def set_apart(drill: Drill, **settings: str) -> None:
    """From their next start API and edge have these settings, and otherwise the usual ones."""
    write_json(drill.settings_file, settings)
