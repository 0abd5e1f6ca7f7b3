"""What must never be written down, and what must survive."""

from __future__ import annotations

import pytest

from runbook.redact import HIDDEN, redact, redact_text

SECRET = "hunter2-Zq9"


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
        f"api_key = '{SECRET}'",
        f"Authorization: Bearer {SECRET}",
        f"sk-{SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    assert SECRET not in redact_text(text)
    assert HIDDEN in redact_text(text)


def test_a_known_secret_is_hidden_wherever_it_stands() -> None:
    value = {"a": [f"before {SECRET} after"], f"key {SECRET}": 1, "n": None}
    assert SECRET not in str(redact(value, {SECRET}))


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
    assert redact_text(text) == text
