"""What many targets have in common is looked at once; who looks at one target sees it anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event

import pytest

from runbook.probes import shared
from runbook.probes.shared import Shared, among_many


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


def test_an_answer_is_good_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_GOOD_FOR", 0.0)
    answers: Shared[int] = Shared()
    numbers = iter(range(9))
    with among_many():
        assert [answers.get("x", lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]


def test_who_looks_at_one_target_asks_every_time() -> None:
    answers: Shared[int] = Shared()
    numbers = iter(range(9))
    with among_many():
        assert answers.get("x", lambda: next(numbers)) == 0
    assert [answers.get("x", lambda: next(numbers)) for _ in range(2)] == [1, 2]
