"""Every kind of secret is hidden wherever it stands, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import random
import re
import string
import uuid
from pathlib import Path

import nbformat
import pytest

from runbook.redact import HIDDEN, Redactor
from runbook.redact.notebook import redact_notebook

CASES = sorted((Path(__file__).parent / "cases" / "secrets").glob("*.txt"))
EACH = 8
"""One file a kind: a sentence with the shape of its secret between < and >."""


def planted(case: Path, dice: random.Random) -> tuple[str, str]:
    """A sentence with a fresh secret of that kind in it, and the secret."""
    before, shape, after = re.split(r"[<>]", case.read_text(encoding="utf-8").strip(), maxsplit=2)
    secret = re.sub(
        r"\[([^\]]+)\]\{(\d+)\}",
        lambda found: "".join(dice.choices(_characters(found[1]), k=int(found[2]))),
        shape,
    )
    return before + secret + after, secret


def _characters(ranges: str) -> str:
    known = string.digits + string.ascii_letters
    return "".join(
        known[known.index(first) : known.index(last) + 1]
        for first, last in re.findall(r"(\w)-(\w)", ranges)
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_secret_is_hidden(case: Path) -> None:
    dice, redactor = random.Random(case.stem), Redactor()
    for _ in range(EACH):
        sentence, secret = planted(case, dice)
        for text in (sentence, f"2026-11-24 03:00:01 ERROR {sentence} (1 ms)"):
            said = redactor.text(text, detector=True)
            assert secret not in said and HIDDEN in said, text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_secret_is_in_no_byte_of_a_notebook(case: Path) -> None:
    sentence, secret = planted(case, random.Random(case.stem))
    cell = nbformat.v4.new_code_cell(f"token = {sentence!r}", metadata={"note": sentence})
    cell.outputs = [
        nbformat.v4.new_output("stream", text=f"a\n{sentence}\nb\n"),
        nbformat.v4.new_output("error", ename="E", evalue=sentence, traceback=sentence.split("\n")),
        nbformat.v4.new_output(
            "display_data",
            data={"text/html": sentence, "application/json": {"said": [sentence]}},
            metadata={"note": sentence},
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["papermill"] = {"parameters": {"note": sentence}}
    kept = redact_notebook(json.loads(nbformat.writes(notebook)), Redactor())
    nbformat.validate(kept)
    assert secret not in json.dumps(kept, ensure_ascii=False)


def test_ordinary_text_is_left_alone() -> None:
    dice, redactor = random.Random(7), Redactor()

    def some(count: int, of: str = "0123456789abcdef") -> str:
        return "".join(dice.choices(of, k=count))

    ordinary = [
        text
        for _ in range(75)
        for text in (
            hashlib.sha256(some(5).encode()).hexdigest(),
            f"commit {some(40)}",
            f"etag {some(32)!r} image@sha256:{some(64)}",
            str(uuid.UUID(int=dice.getrandbits(128))),
            f"request_id={uuid.UUID(int=dice.getrandbits(128))}",
            f"trace_id={some(32)} span={some(16)}",
            f"used {dice.randrange(10**9)} of {dice.randrange(10**15)} bytes",
            f"took {dice.random() * 1000:.3f} ms at {1_700_000_000_000 + dice.randrange(10**10)}",
            f"10.0.{dice.randrange(256)}.{dice.randrange(256)}:{dice.randrange(65536)}",
            f"mac {':'.join(some(2) for _ in range(6))}",
            f"prompt_tokens={dice.randrange(9999)} max_tokens: 4096",
            f"http://{some(6)}.internal:3001/readyz?after={dice.randrange(10**6)}",
            f"2026-11-24T03:{dice.randrange(60):02d}:11.{dice.randrange(10**6):06d}+08:00",
            'FATAL:  password authentication failed for user "aura"',
        )
    ]
    touched = [text for text in ordinary if redactor.text(text, detector=True) != text]
    assert len(ordinary) >= 1000
    assert len(touched) <= len(ordinary) // 100, touched[:5]


def test_one_secret_has_one_token_in_one_incident_and_another_in_another() -> None:
    one, two = Redactor(key=b"one"), Redactor(key=b"two")
    said = [one.text(f"password={secret}") for secret in ("Zx9-first", "Zx9-second", "Zx9-first")]
    assert said[0] == said[2] != said[1]
    assert one.text(f"postgres://a:{'Zx9-first'}@db/x").count(said[0].partition("=")[2]) == 1
    assert two.text("password=Zx9-first") != said[0]
    assert one.text(said[0]) == said[0]


def test_the_phones_of_the_runbook_itself_stay() -> None:
    redactor = Redactor(public=frozenset({"+86-138-0000-0001", "zhangsan@company.com"}))
    said = redactor.text("13800000001 zhangsan@company.com 13800000002 someone@company.com")
    assert said.startswith("13800000001 zhangsan@company.com [")
    assert "13800000002" not in said and "someone" not in said
