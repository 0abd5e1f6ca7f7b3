"""What many targets have in common is looked at once; who looks at one target sees it anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socketserver import DatagramRequestHandler, ThreadingUDPServer
from threading import Barrier, Event, Thread

import pytest

from drill.aura.dns import answer
from drill.wait import until
from runbook.catalog import load
from runbook.model import Target
from runbook.model.target import Ai, Resolver
from runbook.probes import shared
from runbook.probes.ai import models
from runbook.probes.shared import Shared, Turns, among_many
from tests.conftest import ROOT

BOTH = ("127.0.0.1", "127.0.0.2")


def test_who_asks_the_same_meanwhile_is_told_the_same() -> None:
    answers: Shared[int] = Shared()
    asked: list[int] = []
    all_there, go = Barrier(5), Event()

    def ask() -> int:
        go.wait(10)
        asked.append(len(asked))
        return asked[-1]

    def one() -> int:
        all_there.wait(10)
        return answers.get("edge", ask)

    with among_many(), ThreadPoolExecutor(4) as threads:
        found = [threads.submit(one) for _ in range(4)]
        all_there.wait(10)
        go.set()
        assert [each.result() for each in found] == [0, 0, 0, 0]
    assert asked == [0]


def test_another_question_has_an_answer_of_its_own() -> None:
    answers: Shared[str] = Shared()
    with among_many():
        assert [answers.get(name, partial(str, name)) for name in "aba"] == ["a", "b", "a"]


def test_what_was_raised_is_raised_for_all_of_them() -> None:
    answers: Shared[str] = Shared()
    asked: list[str] = []

    def ask() -> str:
        asked.append("name")
        raise LookupError("nobody")

    with among_many():
        for _ in range(2):
            with pytest.raises(LookupError, match="nobody"):
                answers.get("name", ask)
    assert asked == ["name"]


@pytest.mark.parametrize("many", [False, True], ids=["of-one", "of-many"])
def test_an_answer_is_good_for_a_moment_only(many: bool) -> None:
    answers: Shared[int] = Shared(of_one=0.5, of_many=0.5)
    numbers = count()
    with among_many() if many else nullcontext():
        assert [answers.get("x", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]
        assert until(lambda: answers.get("x", lambda: next(numbers)) == 1, seconds=5)


def test_who_looks_at_one_target_asks_every_time() -> None:
    answers: Shared[int] = Shared()
    numbers = iter(range(9))
    with among_many():
        assert answers.get("x", lambda: next(numbers)) == 0
    assert [answers.get("x", lambda: next(numbers)) for _ in range(2)] == [1, 2]


def at_once(turns: Turns, places: list[str], *, most: int) -> None:
    """That many are in at the same time, or the wait for them ends in BrokenBarrierError."""
    there = Barrier(most, timeout=5)

    def look(place: str) -> None:
        with turns.turn(place):
            there.wait()

    with ThreadPoolExecutor(len(places)) as threads:
        list(threads.map(look, places))


def test_at_a_place_of_many_only_few_look_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_PATIENCE", 60.0)
    turns = Turns(at_once=2)
    inside: list[int] = []

    def look(number: int) -> None:
        with turns.turn("server"):
            inside.append(number)
            # A third would come in now, if it could.
            assert not until(lambda: len(inside) > 2, seconds=0.05)
            inside.remove(number)

    with among_many():
        at_once(turns, ["server"] * 6, most=2)
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(look, range(12)))


def test_nobody_waits_for_who_looks_elsewhere_or_at_one_target(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared, "_PATIENCE", 60.0)
    turns = Turns(at_once=1)
    with among_many():
        at_once(turns, ["here", "there"], most=2)
    at_once(turns, ["here", "here"], most=2)


def test_where_the_first_hang_the_others_go_in_all_the_same() -> None:
    with among_many():
        at_once(Turns(at_once=1), ["server"] * 3, most=3)


@pytest.fixture
def providers() -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The port of two providers of one name, and what each was asked, by its address."""
    asked: dict[str, list[str]] = {address: [] for address in BOTH}

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = str(self.server.server_address[0])
            asked[address].append(self.path)
            body = json.dumps({"data": [{"id": address}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ExitStack() as stack:
        port = 0
        for address in BOTH:
            server = stack.enter_context(ThreadingHTTPServer((address, port), Provider))
            port = server.server_address[1]
            Thread(target=server.serve_forever).start()
            stack.callback(server.shutdown)
        yield port, asked


@pytest.fixture
def resolvers() -> Iterator[list[Resolver]]:
    """Two name servers, to which one name means the one provider and the other."""

    def handler(names: dict[str, str]) -> type[DatagramRequestHandler]:
        class Answering(DatagramRequestHandler):
            def handle(self) -> None:
                self.wfile.write(answer(self.rfile.read(), names))

        return Answering

    with ExitStack() as stack:
        found = []
        for address in BOTH:
            kind = handler({"ai.example.test": address})
            server = stack.enter_context(ThreadingUDPServer(("127.0.0.1", 0), kind))
            Thread(target=server.serve_forever).start()
            stack.callback(server.shutdown)
            found.append(Resolver(address="127.0.0.1", port=server.server_address[1]))
        yield found


def test_a_provider_is_asked_once_and_its_namesake_elsewhere_too(
    providers: tuple[int, dict[str, list[str]]],
    resolvers: list[Resolver],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port, asked = providers
    monkeypatch.setenv("AI_KEY", "sk-nobody-0000000000")
    some = load(ROOT).target("production")
    assert isinstance(some, Target)
    ai = Ai(url=f"http://ai.example.test:{port}", model="m", key_env="AI_KEY", patience=5.0)
    here, there = (some.model_copy(update={"ai": ai, "resolver": one}) for one in resolvers)
    with among_many():
        told = [models(target, 5.0)["models"] for target in (here, there, here, there)]
    assert told == [[address] for address in (*BOTH, *BOTH)]
    assert [len(asked[address]) for address in BOTH] == [1, 1]
