"""One question that ends: whatever answers, in time, and before it has filled the memory."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from runbook.probes.http import Answer, Silence, ask, get
from runbook.probes.look import CouldNotLook

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Gives the URL of a server that says those parts, with a pause after each, and hangs up."""
    there = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def start(*parts: bytes, pause: float = 0.0) -> str:
        def answer() -> None:
            wire, _ = there.accept()
            with wire:
                asked = wire.recv(65536)
                while b"Content-Length" in asked and not asked.endswith(b"}"):
                    asked += wire.recv(65536)
                heard.append(asked)
                for part in parts:
                    try:
                        wire.sendall(part)
                    except OSError:
                        return
                    time.sleep(pause)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{there.getsockname()[1]}"

    start.heard = heard  # type: ignore[attr-defined]
    yield start
    there.close()


def test_an_answer_is_read_whole_however_its_end_is_told(serve: Serve) -> None:
    ways = [
        (b"HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\n", b"good"),
        (
            b"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ngo\r\n",
            b"2\r\nod\r\n0\r\n\r\n",
        ),
        (b"HTTP/1.0 503 No\r\n\r\n", b"go", b"od"),
    ]
    assert [get(serve(*parts), 5) for parts in ways] == [Answer(503, "good")] * 3


def test_an_answer_that_breaks_off_is_none(serve: Serve) -> None:
    for parts in (
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",),
        (b"SSH-2.0-OpenSSH_9.2\r\n",),
        (),
    ):
        with pytest.raises(Silence) as silence:
            get(serve(*parts), 5)
        assert silence.value.connected


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["head", "body"])
def test_who_drips_is_cut_off_in_time(begin: bytes, serve: Serve) -> None:
    url = serve(begin, *[b"x"] * 200, pause=0.05)
    clock = time.monotonic()
    with pytest.raises(Silence, match="Timeout") as silence:
        get(url, 0.5)
    assert silence.value.connected
    assert time.monotonic() - clock < 2


def test_an_answer_that_never_ends_is_not_kept(serve: Serve) -> None:
    with pytest.raises(CouldNotLook):
        get(serve(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 100_000] * 30), 10)


def test_where_nobody_listens_nobody_was_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Silence, match="refused") as silence:
            get(f"http://127.0.0.1:{free.getsockname()[1]}", 5)
    assert not silence.value.connected


def test_a_question_is_asked_at_the_address_given_under_the_name_of_the_url(serve: Serve) -> None:
    host, _, port = serve(b"HTTP/1.1 200 OK\r\n\r\n{}").removeprefix("http://").partition(":")
    url = "http://ai.example:81/v1/响应 x?y=1"
    ask(url, 5, at=(host, int(port)), key="k", question={"q": "好"})
    head, _, body = serve.heard[0].partition(b"\r\n\r\n")  # type: ignore[attr-defined]
    assert head.startswith(b"POST /v1/%E5%93%8D%E5%BA%94%20x?y=1 HTTP/1.1")
    assert b"Host: ai.example:81" in head and b"Authorization: Bearer k" in head
    assert json.loads(body) == {"q": "好"}
