"""What must never be written down, and what must survive."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote

import nbformat
import pytest

from runbook.redact import HIDDEN, Redactor, environment_secrets
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


@pytest.mark.parametrize("before", ["", "basic ", "https://aura.example/?q="])
def test_a_known_secret_within_base64_is_hidden_however_short_the_text(before: str) -> None:
    coded = base64.b64encode(b"user:hunter2hunter").decode()
    said = _knowing("hunter2hunter").text(f"{before}{coded}")
    assert said.startswith(f"{before}{HIDDEN}") and coded not in said


def test_what_stands_below_the_name_of_a_secret_is_hidden() -> None:
    value = {
        "password": SECRET,
        "env": [{"name": "DB_PASSWORD", "value": SECRET}, {"name": "LANG", "value": "C"}],
        "headers": [["x-api-key", SECRET], ["accept", "*/*"]],
        "tokens": 4096,
        "token": None,
    }
    for said in (Redactor().value(value), Redactor().tidy(value, most=100)):
        assert SECRET not in json.dumps(said)
        assert said["env"][1] == {"name": "LANG", "value": "C"}
        assert (said["headers"][1], said["tokens"], said["token"]) == (
            ["accept", "*/*"],
            4096,
            None,
        )


def test_base64_is_judged_by_what_it_says() -> None:
    secret = base64.b64encode(f"postgres://aura:{SECRET}@db/aura".encode()).decode()
    plain = base64.b64encode(b"nothing but a Sentence, said to Nobody 42").decode()
    assert Redactor().text(f"config {secret}").endswith("]")
    assert Redactor().text(f"config {plain}") == f"config {plain}"
    assert _knowing("sunflower").text("c3VuZmxvd2Vy").startswith(HIDDEN)


def test_a_secret_recognised_once_is_hidden_everywhere_and_has_one_token_in_every_spelling() -> (
    None
):
    secret = "p@ss/Zq9&x"
    said = Redactor().text(
        f"password='{secret}' refused: {secret}, {quote(secret, safe='')}, {html.escape(secret)}"
    )
    assert said.count(HIDDEN) == 4
    assert len(set(re.findall(r"\[已隐去:[^\]]*\]", said))) == 1


def test_a_secret_broken_over_two_lines_is_hidden() -> None:
    half = len(SECRET) // 2
    said = _knowing(SECRET).text(f"refused {SECRET[:half]}\n    {SECRET[half:]} by db")
    assert said.startswith(f"refused {HIDDEN}") and said.endswith("] by db")


def test_the_environment_tells_its_secrets_by_name_and_by_look() -> None:
    told = {
        "MYSQL_PWD": "/slash-first-1",
        "SOME_URL": "postgres://aura:in-a-url-2@db/aura",
        "RUNBOOK_NOTIFY_SLACK": "https://hooks.example.com/third-3",
        "PWD": "/srv/runbook",
        "GIT_AUTHOR_NAME": "zhangsan",
        "SSH_AUTH_SOCK": "/run/ssh-1/agent",
        "LANG": "zh_CN.UTF-8",
    }
    assert environment_secrets(told) == {
        "/slash-first-1",
        "in-a-url-2",
        "https://hooks.example.com/third-3",
    }


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
