"""Two kinds of 429, and what else a provider may say: told apart by what providers really write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runbook.checks.ai import answer, view
from runbook.checks.reading import Seen
from runbook.model import Evidence
from runbook.probes.look import Saw

OPENAI_TPM = (
    '{"error": {"message": "Rate limit reached for gpt-4 on tokens per min (TPM). You can increase'
    ' your rate limit by adding a payment method to your account at .../account/billing.",'
    ' "type": "tokens", "code": "rate_limit_exceeded"}}'
)
OPENAI_QUOTA = (
    '{"error": {"message": "You exceeded your current quota, please check your plan and billing'
    ' details.", "type": "insufficient_quota", "code": "insufficient_quota"}}'
)


def seen(probe: str, **saw: object) -> Seen:
    one = Evidence.model_validate(
        {"probe": probe, "at": datetime(2026, 11, 24, tzinfo=UTC), "seconds": 0.1, "saw": saw}
    )
    return Seen({probe: one})


def answered(status: int, body: str, seconds: float = 0.1, **more: object) -> Seen:
    saw: Saw = {"url": "u", "model": "m", "patience": 5.0, "limit": 6.0, "answered": False}
    return seen(
        "ai-question", **{**saw, "status": status, "body": body, "seconds": seconds, **more}
    )


@pytest.mark.parametrize(
    ("status", "body", "signal"),
    [
        (429, OPENAI_TPM, "rate-limited"),
        (429, OPENAI_QUOTA, "quota-exhausted"),
        (429, "", "rate-limited"),
        (429, '{"error": {"code": "billing_hard_limit_reached"}}', "quota-exhausted"),
        (429, '{"code": "Throttling.RateQuota", "message": "Requests rate limit"}', "rate-limited"),
        (429, '{"error": {"message": "账户余额不足"}}', "quota-exhausted"),
        (429, '{"error": {"message": "请求过于频繁，请稍后再试"}}', "rate-limited"),
        (402, '{"error": {"message": "Insufficient Balance"}}', "quota-exhausted"),
        (403, '{"error": {"message": "Access denied: account in arrears"}}', "quota-exhausted"),
        (
            429,
            '{"error": {"code": "1113", "message": "您的账户已欠费，请充值后重试。"}}',
            "quota-exhausted",
        ),
        (429, '{"error": {"message": "该API已达今日调用次数限额"}}', "quota-exhausted"),
        (
            429,
            '{"error": {"message": "并发数过高，请降低并发，或联系客服增加限额。"}}',
            "rate-limited",
        ),
        (
            429,
            '{"error": {"message": "Resource has been exhausted (e.g. check quota)."}}',
            "rate-limited",
        ),
        (429, '{"error": {"type": "engine_overloaded_error"}}', "rate-limited"),
        (400, '{"error": {"message": "Your credit balance is too low"}}', "quota-exhausted"),
        (400, '{"code": "Arrearage", "message": "Access denied"}', "quota-exhausted"),
        (400, '{"error": {"message": "Model Not Exist"}}', "no-model"),
        (400, '{"error": {"message": "模型不存在，请检查模型代码。"}}', "no-model"),
        (400, '{"error": {"message": "API key not valid."}}', "key-rejected"),
        (
            403,
            '{"error": {"message": "Country, region, or territory not supported"}}',
            "not-admitted",
        ),
        (403, "<html>ERR_ACCESS_DENIED", "not-admitted"),
        (407, "", "not-admitted"),
        (404, '{"error": {"code": "DeploymentNotFound"}}', "no-model"),
        (404, '{"error": {"message": "您请求的模型已下线"}}', "no-model"),
        (403, "Forbidden", "key-rejected"),
        (401, "", "key-rejected"),
        (404, '{"error": {"code": "model_not_found"}}', "no-model"),
        (404, "page not found", "no-route"),
        (500, "", "failing"),
        (529, '{"type": "overloaded_error"}', "failing"),
        (400, '{"error": {"message": "max_tokens is too small"}}', "rejected"),
        (200, "<html>", "malformed"),
        (302, "", "malformed"),
    ],
)
def test_an_answer_means_what_its_provider_means_by_it(status: int, body: str, signal: str) -> None:
    assert answer(answered(status, body), {}).signal == signal


def test_a_right_answer_that_comes_too_late_is_slow() -> None:
    assert answer(answered(200, "{}", answered=True), {}).signal == "ok"
    assert answer(answered(200, "{}", seconds=5.5, answered=True), {}).signal == "slow"


@pytest.mark.parametrize(
    ("message", "signal"),
    [
        ("Client error '401 Unauthorized' for url 'https://api'", "key-rejected"),  # httpx
        ("Request failed with status code 429", "rate-limited"),  # axios
        ("Error code: 429 - {'error': {'code': 'insufficient_quota'}}", "quota-exhausted"),
        ("HTTP 503", "failing"),
        ("timed out", "ill"),
        ("connect ECONNREFUSED 10.0.0.7:443", "ill"),
    ],
)
def test_what_the_api_was_told_is_read_from_how_its_client_says_it(
    message: str, signal: str
) -> None:
    check = {"ai_provider": {"status": "unhealthy", "message": message}}
    assert view(seen("api-ready", url="u", status=503, checks=check), {}).signal == signal


def test_mock_is_a_state_and_no_fault() -> None:
    check = {"ai_provider": {"status": "degraded", "message": "mock mode"}}
    assert view(seen("api-ready", url="u", status=200, checks=check), {}).signal == "mock"


def test_a_long_message_without_spaces_is_cut_and_not_lost() -> None:
    check = {"ai_provider": {"status": "unhealthy", "message": "连不上" * 1000}}
    said = view(seen("api-ready", url="u", status=503, checks=check), {}).facts["message"]
    assert str(said).startswith("连不上连不上") and len(str(said)) == 200
