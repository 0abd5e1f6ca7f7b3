"""The session with the database is that of its target, whatever this process is told besides."""

from __future__ import annotations

import os
import socket
from threading import Thread

import pytest

from runbook.catalog import load
from runbook.model import Target
from runbook.probes.database import database_session
from runbook.probes.look import CouldNotLook
from tests.conftest import ROOT

ASKS_FOR_A_PASSWORD = b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big")
"""AuthenticationCleartextPassword (PostgreSQL, Message Formats)."""


def target_at(port: int) -> Target:
    some = load(ROOT).target("production")
    assert isinstance(some, Target)
    changed = {"host": "127.0.0.1", "port": port, "password_env": "PG_OWN"}
    return some.model_copy(update={"database": some.database.model_copy(update=changed)})


def test_what_only_libpq_would_read_is_forgotten_and_no_password_of_another_target(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = {"PGPASSWORD": "hunter2hunter", "PG_OF_ANOTHER": "hunter3hunter"}
    for name, value in {**others, "PGOPTIONS": "-c work_mem=1", "PGTZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        database_session(target_at(nobody.getsockname()[1]), 1.0)
    assert {name: os.environ.get(name) for name in others} == others
    assert "PGOPTIONS" not in os.environ and "PGTZ" not in os.environ


def test_a_server_is_never_shown_the_password_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "hunter2hunter")
    heard: list[bytes] = []

    def serve() -> None:
        while not heard or heard[-1]:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(8))
                connection.sendall(b"N")  # no TLS here
                heard.append(connection.recv(4096))
                connection.sendall(ASKS_FOR_A_PASSWORD)
                heard.append(connection.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as server:
        asker = Thread(target=serve)
        asker.start()
        with pytest.raises(CouldNotLook):
            database_session(target_at(server.getsockname()[1]), 3.0)
        asker.join(10)
    assert len(heard) == 3 and b"hunter2hunter" not in b"".join(heard)
