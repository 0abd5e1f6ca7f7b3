"""What must never be written down, and what must survive."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from urllib.parse import quote

import nbformat
import pytest

from runbook.redact import HIDDEN, Redactor
from runbook.redact.notebook import redact_notebook

SECRET = "hunter2-Zq9"


def _knowing(*secrets: str) -> Redactor:
    return Redactor(frozenset(secrets))


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://aura:{SECRET}@db:5432/aura",
        f"redis://:{SECRET}@cache/0",
        f"host=db password={SECRET} user=aura",
        f"password='{SECRET} with spaces'",
        f'{{"password": "{SECRET}"}}',
        f"PGPASSWORD={SECRET} psql",
        f"POSTGRES_PASSWORD: {SECRET}",
        f"口令：{SECRET}",
        f"ALTER ROLE aura PASSWORD '{SECRET}'",
        f"ALTER ROLE aura PASSWORD '{SECRET} cut off",
        f"amqp://user:pa/{SECRET}@host/v",
        f"mysql --password {SECRET} -h db",
        f'"password": "a\\"{SECRET}"',
        f"api_key = '{SECRET}'",
        f"Authorization: Bearer {SECRET}",
        f"sk-{SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    assert SECRET not in Redactor().text(text)
    assert HIDDEN in Redactor().text(text)


def test_a_known_secret_is_hidden_wherever_it_stands() -> None:
    value = {"a": [f"before {SECRET} after"], "n": None}
    assert SECRET not in str(_knowing(SECRET).value(value))


@pytest.mark.parametrize("spelled", [json.dumps, quote, html.escape])
def test_a_known_secret_is_hidden_however_it_is_spelled(spelled: Callable[[str], str]) -> None:
    secret = 'Tr0ub"4dor & 口令/x'
    assert _knowing(secret).text(f"a {spelled(secret)} b").count(HIDDEN) == 1


def test_evidence_is_cut_only_after_it_is_redacted_and_holds_nothing_a_terminal_obeys() -> None:
    text = "x " * 45 + SECRET + "\x1b[2J"
    assert HIDDEN[:5] in _knowing(SECRET).tidy({"a": [text]}, most=95)["a"][0]
    assert Redactor().tidy("\x1b[2J \u202e", most=100) == "\ufffd[2J \ufffd"


def test_a_secret_nobody_knows_is_not_cut_in_half() -> None:
    assert Redactor().tidy("x " * 45 + "zx9" * 20, most=120) == "x " * 45


@pytest.mark.parametrize("secret", ["data", "cells", "outputs", "metadata", "text", "stdout"])
def test_a_password_that_is_a_word_of_the_format_leaves_the_notebook_whole(secret: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"print('{secret}')")])
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text=f"a {secret} b")]
    redacted = redact_notebook(json.loads(nbformat.writes(notebook)), _knowing(secret))
    nbformat.validate(redacted)
    assert redacted["cells"][0]["outputs"][0]["text"].startswith(f"a {HIDDEN}:")


@pytest.mark.parametrize(
    "text",
    [
        'FATAL:  password authentication failed for user "aura"',
        "http://127.0.0.1:3001/healthz 返回 200",
        "数据库拒绝账号：口令、权限或 pg_hba 不对",
        "select usename, state from pg_stat_activity",
        "token bucket is empty",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert Redactor().text(text, detector=True) == text
