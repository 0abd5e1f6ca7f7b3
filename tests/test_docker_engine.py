"""The engine that does not answer as it should: a reason each time, and never a crash."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

from runbook.catalog import load
from runbook.model import Target
from runbook.model.target import Runtime
from runbook.probes import collect
from runbook.probes.compose import upstream
from runbook.probes.compose.engine import said
from tests.conftest import ROOT


@pytest.fixture
def target() -> Target:
    found = load(ROOT).target("production")
    assert isinstance(found, Target)
    return found


def asked_at(target: Target, socket_file: Path) -> Target:
    runtime = Runtime(kind="docker-compose", project="aura", host=f"unix://{socket_file}")
    return target.model_copy(update={"runtime": runtime})


@pytest.fixture
def silent_engine() -> Iterator[Path]:
    """A socket that takes everybody and answers nobody, as a stopped daemon does."""
    # Beside pytest's own folders, which nobody else may enter.
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        Path(folder).chmod(0o755)
        file = Path(folder) / "silent.sock"
        listener.bind(str(file))
        listener.listen()
        yield file


@pytest.fixture
def talkative_stranger(tmp_path: Path) -> Iterator[Path]:
    """A socket at which something answers that is no Docker engine."""
    file = tmp_path / "stranger.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(file))
        listener.listen()

        def answer() -> None:
            while True:
                try:
                    wire, _ = listener.accept()
                except OSError:
                    return
                with wire:
                    wire.recv(1000)
                    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

        Thread(target=answer, daemon=True).start()
        yield file
        listener.shutdown(socket.SHUT_RDWR)


def test_an_engine_that_is_not_there_is_said_to_be_none(target: Target, tmp_path: Path) -> None:
    (evidence,) = collect(asked_at(target, tmp_path / "none.sock"), ["services"], within=5)
    assert evidence.error is not None
    assert "问不到 Docker" in evidence.error


def test_an_engine_that_is_silent_costs_seconds_and_not_the_run(
    target: Target, silent_engine: Path
) -> None:
    names = ["services", "containers", "container-paths", "memory", "oom-kills"]
    seen = collect(asked_at(target, silent_engine), names, within=8)
    assert [one.probe for one in seen] == names
    assert all("没有应答" in str(one.error) for one in seen)


def test_what_is_no_engine_is_a_reason(target: Target, talkative_stranger: Path) -> None:
    (evidence,) = collect(asked_at(target, talkative_stranger), ["containers"], within=5)
    assert evidence.error is not None
    assert not evidence.saw


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 能换成别的账号")
def test_who_may_not_ask_is_told_so(silent_engine: Path) -> None:
    silent_engine.chmod(0o600)
    look = (
        "import os, sys; from runbook.catalog import load; from runbook.probes import collect\n"
        "from pathlib import Path; from runbook.model.target import Runtime\n"
        "import docker, requests\n"
        f"t = load(Path({str(ROOT)!r})).target('production')\n"
        f"r = Runtime(kind='docker-compose', project='aura', host='unix://{silent_engine}')\n"
        "os.setuid(65534)\n"
        "print(collect(t.model_copy(update={'runtime': r}), ['services'], within=5)[0].error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True
    )
    assert "没有权限" in done.stdout


def test_docker_is_not_imported_where_nothing_runs_in_containers() -> None:
    look = (
        "import sys, runbook.cli, runbook.probes, runbook.case\n"
        "sys.exit('docker' in sys.modules or 'requests' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", look], timeout=60, check=True)


NGINX = """
# configuration file /etc/nginx/nginx.conf:
http {
  upstream backend { server api:3001 weight=2; server "10.0.0.9"; keepalive 8; }
  map $host $x { default "a;b"; }
  server {
    listen 443 ssl; # users } here
    set $api http://api:3001;
    location / { proxy_pass http://backend; }
    location /app/ { if ($x) { return 404; } proxy_pass $api; }
  }
  server { listen 80; location / { return 301 https://$host$request_uri; } }
}
"""


def test_nginx_is_read_with_its_groups_its_variables_and_its_comments() -> None:
    servers = list(upstream._servers(upstream.read(NGINX)))
    assert servers == [
        {"listen": ["443"], "places": ["api:3001", "10.0.0.9:80"]},
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
def test_what_a_command_says_is_the_same_wherever_its_complaints_come_between(
    order: tuple[int, ...],
) -> None:
    pieces = [(1, b"server { lis"), (1, b"ten 80; }\n"), (2, b"nginx: syntax is ok\n")]
    stream = b"".join(
        bytes([kind, 0, 0, 0]) + len(words).to_bytes(4, "big") + words
        for kind, words in (pieces[number] for number in order)
    )
    assert said(stream) == b"server { listen 80; }\nnginx: syntax is ok\n"
