"""Acts of the saboteur that take memory, processes and ports away from the others."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

import httpx

from drill import confinement, supervision, tether
from drill.parts import API
from drill.place import Drill

_MEGABYTE = 1024 * 1024
_EAT = "import os,signal; kept = os.urandom(1 << 20) * {size}; signal.pause()"


def eat_memory(drill: Drill, megabytes: int, mouths: int = 1) -> None:
    """As much of the host's memory is gone, to that many processes that are none of ours."""
    words = [
        *(sys.executable, "-I", "-S", tether.__file__, "KILL", "-", "-"),
        *(sys.executable, "-c", _EAT.format(size=megabytes // mouths)),
    ]
    environment = {**os.environ, tether.TETHERED_TO: str(os.getpid())}
    eaters = [subprocess.Popen(words, env=environment, cwd=drill.run) for _ in range(mouths)]
    for eater in eaters:
        eater.wait()


def swap_to_and_fro(drill: Drill, megabytes: int, room: int) -> None:
    """More memory is used, over and over, than there is room for: pages go out and come back."""
    confinement.join(confinement.make(drill.run, "saboteur", room * _MEGABYTE))
    kept = bytearray(os.urandom(_MEGABYTE) * megabytes)
    while True:
        for page in range(0, len(kept), 4096):
            kept[page] ^= 1


def keep_restarting(drill: Drill, kill_after: float = 0.0) -> None:
    """What exits is started again, as Docker's `restart: always` does."""
    if kill_after:
        threading.Thread(target=_keep_killing, args=(drill, kill_after), daemon=True).start()
    while True:
        with suppress(OSError):
            supervision.start(drill, API)
        time.sleep(0.2)


def _keep_killing(drill: Drill, after: float) -> None:
    while True:
        time.sleep(after)
        with suppress(OSError):
            if pid := supervision.pid_of(drill, API):
                os.kill(pid, signal.SIGKILL)


def import_for_ever(drill: Drill, megabytes: float) -> None:
    """Somebody imports that much a second."""
    body = os.urandom(int(megabytes * _MEGABYTE / 10))
    with httpx.Client(base_url=drill.state.api_url, trust_env=False) as http:
        while True:
            with suppress(httpx.HTTPError):
                http.post("/api/import", content=body)
            time.sleep(0.1)


def take_port(drill: Drill, port: int, speaks: bool) -> None:
    """Another program has the port: a web server of its own, or one that says nothing."""
    del drill
    if speaks:
        with ThreadingHTTPServer(("127.0.0.1", port), _Stranger) as server:
            server.serve_forever()
    with socket.create_server(("127.0.0.1", port)):
        signal.pause()


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Nothing of ours is here."""
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def show_a_page(drill: Drill, port: int) -> None:
    """Whatever is asked, the answer is a page, as of a web server that was just installed."""
    del drill
    with HTTPServer(("127.0.0.1", port), _Welcome) as server:
        server.serve_forever()


class _Welcome(_Stranger):
    def do_GET(self) -> None:
        """Welcome."""
        page = b"<!doctype html><title>Welcome</title><p>It works."
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


def swing(drill: Drill, megabytes: int) -> None:
    """The API's memory goes up and is given back, over and over, as between two collections."""
    confinement.join(confinement.group(drill.run, "api"))
    kept: list[bytes] = []
    # At first all at once: who was just started has never had more than he has.
    while True:
        for _ in range(megabytes):
            kept.append(os.urandom(_MEGABYTE))
            time.sleep(0.1 if swung(drill).exists() else 0)
        swung(drill).touch()
        kept.clear()


def swung(drill: Drill) -> Path:
    """Is there once the API's memory has gone up and down."""
    return drill.run / "swung"


def hang_up(drill: Drill, port: int) -> None:
    """Whoever calls the port is taken and cut off without a word."""
    del drill
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            call, _ = listener.accept()
            with suppress(OSError):
                call.recv(1)
            call.close()


def ask_for_nothing(drill: Drill, count: int) -> None:
    """A burst of requests for pages that do not exist."""
    with httpx.Client(base_url=drill.state.api_url, trust_env=False) as http:
        for number in range(count):
            with suppress(httpx.HTTPError):
                http.get(f"/old-page-{number}")
    Path(drill.run / "burst-done").touch()
    signal.pause()
