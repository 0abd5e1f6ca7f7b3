"""The AI provider and the way to it, and breaking those."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable

import httpx

from drill import supervision
from drill.faults.sabotage import Sabotage, send_saboteur
from drill.health import healthy, provider_complaint, readiness
from drill.parts import AI, API
from drill.place import Drill, write_json
from drill.preparation import calm, give_keys, point_names, set_apart


def _mood(**mood: object) -> Callable[[Drill], None]:
    return lambda drill: write_json(drill.ai_mood_file, mood)


def _says(status: int, said: object, only: str = "") -> Callable[[Drill], None]:
    """Every answer, or every one on paths that end so, is this one; a text is sent as a page."""
    page = isinstance(said, str)
    body, kind = (said, "text/html") if page else (json.dumps(said), "application/json")
    return _mood(status=status, answer=body, type=kind, only=only)


def _error(status: int, kind: str, message: str, only: str = "") -> Callable[[Drill], None]:
    """An error in the shape of OpenAI's (https://platform.openai.com/docs/guides/error-codes)."""
    return _says(status, {"error": {"message": message, "type": kind, "code": kind}}, only)


def _stop(drill: Drill) -> None:
    supervision.stop(drill, AI)


def _kill(drill: Drill) -> None:
    supervision.kill(drill, AI)


def _freeze(drill: Drill) -> None:
    os.kill(supervision.pid_of(drill, AI), signal.SIGSTOP)


def _replace(act: str) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        supervision.stop(drill, AI)
        send_saboteur(drill, act, port=drill.state.ai_port)

    return inject


def _rotate_key(drill: Drill) -> None:
    give_keys(drill.place, provider="rotated-and-nobody-told")
    supervision.restart(drill, AI)


def _old_key(drill: Drill) -> None:
    give_keys(drill.place, api="key-of-last-quarter")
    supervision.restart(drill, API)


def _api_with(**settings: str) -> Callable[[Drill], None]:
    def inject(drill: Drill) -> None:
        set_apart(drill, **settings)
        supervision.restart(drill, API)

    return inject


def _wrong_address(drill: Drill) -> None:
    _api_with(AURA_AI_URL=f"http://ai.aura.drill:{drill.state.ai_port + 1}")(drill)


def _lose_name(drill: Drill) -> None:
    point_names(drill, ai=None)


def _stop_and_start(drill: Drill) -> None:
    supervision.stop(drill, AI)
    supervision.start(drill, AI)


def _over_budget(drill: Drill) -> bool:
    with httpx.Client(trust_env=False, timeout=2.0) as http:
        try:
            cost = http.get(f"{drill.state.api_url}/monitoring/ai/cost").json()
        except httpx.HTTPError:
            return False
    return bool(cost["daily_cost"] >= cost["daily_budget"])


def _questions_fail(drill: Drill) -> bool:
    """Whether the provider lists its models, and answers no question."""
    key, at = drill.secret("ai-key"), f"http://127.0.0.1:{drill.state.ai_port}"
    headers = {"Authorization": f"Bearer {key}"}
    question = {"model": "aura-mini", "messages": []}
    with httpx.Client(trust_env=False, timeout=2.0, headers=headers, base_url=at) as http:
        try:
            listed = http.get("/v1/models").is_success
            return listed and not http.post("/v1/chat/completions", json=question).is_success
        except httpx.HTTPError:
            return False


def _ill(inject: Callable[[Drill], None], *, restart: bool = False) -> Sabotage:
    """A fault that the API complains of."""
    return Sabotage(
        inject, lambda drill: provider_complaint(drill) is not None, needs_api_restart=restart
    )


def mend(drill: Drill) -> None:
    """The provider is in its usual mood, and everybody has the right key."""
    calm(drill)
    pid = supervision.pid_of(drill, AI)
    if pid:
        os.kill(pid, signal.SIGCONT)
    if (drill.place.secrets / "provider-ai-key").read_text() != drill.secret("ai-key"):
        supervision.stop(drill, AI)
    give_keys(drill.place)
    supervision.start(drill, AI)


_TOO_FAST = "Rate limit reached for requests per min. Please try again in 20s."
_USED_UP = "You exceeded your current quota, please check your plan and billing details."
_PAGE = "<!doctype html><title>Sign in</title><p>Please accept the terms of this network."

SABOTAGES = {
    "provider-stopped": _ill(_stop),
    "provider-killed": _ill(_kill),
    "provider-dropped": _ill(_replace("swallow_port")),
    "provider-hangs-up": _ill(_replace("hang_up")),
    "provider-frozen": _ill(_freeze),
    "provider-slow": _ill(_mood(seconds=2.6)),
    "ai-name-removed": _ill(_lose_name),
    "key-rotated": _ill(_rotate_key),
    "key-without-permission": _ill(_error(403, "permission_error", "Your key is not permitted.")),
    "region-refused": _ill(
        _error(403, "unsupported_country", "Country, region, or territory not supported")
    ),
    "api-old-key": _ill(_old_key, restart=True),
    "rate-limited": _ill(_error(429, "rate_limit_exceeded", _TOO_FAST)),
    "questions-rate-limited": Sabotage(
        _error(429, "rate_limit_exceeded", _TOO_FAST, only="completions"), _questions_fail
    ),
    "quota-exhausted": _ill(_error(429, "insufficient_quota", _USED_UP)),
    "payment-required": _ill(_says(402, {"error": {"message": "Insufficient Balance"}})),
    "over-budget": Sabotage(
        _api_with(AURA_AI_DAILY_BUDGET="0.00001"), _over_budget, needs_api_restart=True
    ),
    "provider-errors": _ill(_error(500, "server_error", "The server had an error.")),
    "provider-overloaded": _ill(_error(529, "overloaded_error", "Overloaded")),
    "questions-fail": Sabotage(
        _error(503, "server_error", "The engine is overloaded.", only="completions"),
        _questions_fail,
    ),
    "model-retired": _ill(_mood(model="aura-mini-2")),
    "portal-in-the-way": _ill(_says(200, _PAGE)),
    "answers-cut-off": _ill(_says(200, '{"object": "list", "da')),
    "answers-reshaped": _ill(_says(200, {"result": {"ok": True}})),
    "api-wrong-provider": _ill(_wrong_address, restart=True),
    "mock-mode": Sabotage(_api_with(AI_PROVIDER="mock"), healthy, needs_api_restart=True),
    "provider-unhurried": Sabotage(
        _mood(seconds=0.7), lambda drill: readiness(drill).get("status") == "healthy"
    ),
    "provider-just-healed": Sabotage(_stop_and_start, healthy),
}
