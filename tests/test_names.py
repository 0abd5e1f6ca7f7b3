"""A name is asked of the target's own name server, and not more often than it must be."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import dns.message
import dns.rrset
import pytest

from runbook.catalog import load
from runbook.model import Target
from runbook.model.target import Resolver
from runbook.probes.network import addresses, some_addresses

HOST = "db.example.test"


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """The port of a name server, and the kinds of what it was asked."""
    asked: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                told, who = wire.recvfrom(4096)
                if not told:
                    return
                question = dns.message.from_wire(told)
                answer = dns.message.make_response(question)
                kind = question.question[0].rdtype.name
                asked.append(kind)
                if kind == "A":
                    name = question.question[0].name
                    answer.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "192.0.2.7"))
                wire.sendto(answer.to_wire(), who)

        thread = Thread(target=serve)
        thread.start()
        yield wire.getsockname()[1], asked
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", wire.getsockname())
        thread.join()


def target_of(port: int) -> Target:
    some = load(Path(__file__).parents[1]).target("production")
    assert isinstance(some, Target)
    return some.model_copy(update={"resolver": Resolver(address="127.0.0.1", port=port)})


def test_who_only_wants_to_get_there_takes_an_answer_of_the_same_second(
    server: tuple[int, list[str]],
) -> None:
    port, asked = server
    target = target_of(port)
    assert [some_addresses(target, HOST, 5.0) for _ in range(5)] == [["192.0.2.7"]] * 5
    assert sorted(asked) == ["A", "AAAA"]


def test_who_looks_at_the_name_itself_asks_every_time(server: tuple[int, list[str]]) -> None:
    port, asked = server
    target = target_of(port)
    assert [addresses(target, HOST, 5.0) for _ in range(3)] == [["192.0.2.7"]] * 3
    some_addresses(target, HOST, 5.0, anew=True)
    assert sorted(asked) == ["A"] * 4 + ["AAAA"] * 4


def test_the_answer_of_one_name_server_is_not_that_of_another(
    server: tuple[int, list[str]],
) -> None:
    port, _ = server
    some_addresses(target_of(port), HOST, 5.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(Exception, match=HOST):
            some_addresses(target_of(silent.getsockname()[1]), HOST, 1.0)
