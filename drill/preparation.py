"""What stands before anything runs: addresses, passwords, names."""

from __future__ import annotations

import os
import random
import secrets
import socket
from pathlib import Path

from drill import processes
from drill.place import Drill, Place, State, write_json

# A unix socket's path is limited to 107 bytes, and the server's account must be able to walk there.
RUN_ROOT = Path("/tmp")  # noqa: S108
SECRETS = ("superuser-password", "db-password", "reports-password", "ai-key")


def plan(place: Place) -> Drill:
    """The addresses of a drill that does not stand yet."""
    run = RUN_ROOT / f"aura-drill-{secrets.token_hex(4)}"
    api, ai, db, dns = free_ports(4)
    return Drill(
        place,
        State(
            keeper_pid=os.getpid(),
            keeper_started=processes.born(os.getpid()),
            run_dir=str(run),
            api_port=api,
            api_url=f"http://127.0.0.1:{api}",
            ai_port=ai,
            ai_url=f"http://127.0.0.1:{ai}",
            db_host="db.aura.drill",
            db_port=db,
            db_name="aura",
            db_user="aura",
            db_password_file=str(place.secrets / "db-password"),
            db_data_dir=str(run / "pg" / "data"),
            dns_address="127.0.0.1",
            dns_port=dns,
            supervisor_socket=str(run / "supervisor.sock"),
        ),
    )


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


def give_api_its_password(place: Place, password: str | None = None) -> None:
    """The API will log in with this password, or with the right one when none is given."""
    right = (place.secrets / "db-password").read_text(encoding="utf-8")
    _write_secret(place, "api-db-password", password or right)


def _write_secret(place: Place, name: str, value: str) -> None:
    file = place.secrets / name
    file.touch(mode=0o600)
    file.write_text(value, encoding="utf-8")


def restore_names(drill: Drill) -> None:
    """The DNS server knows every host of the drill."""
    write_json(drill.zone_file, {f"{name}.aura.drill": "127.0.0.1" for name in ("db", "api", "ai")})
