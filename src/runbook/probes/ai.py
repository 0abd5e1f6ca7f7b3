"""What the AI provider answers, to the key and for the model that the API uses."""

from __future__ import annotations

import time
from typing import Any

from runbook.access import ai_key
from runbook.model import Target
from runbook.model.target import Ai, host_and_port
from runbook.probes.http import Silence, ask
from runbook.probes.look import KEPT, CouldNotLook, Saw
from runbook.probes.network import named, reached, some_places
from runbook.probes.shared import Shared
from runbook.words import say

_ANSWERS: Shared[tuple[Saw, Any]] = Shared()
_BEYOND_PATIENCE = 1.0  # seconds to wait longer than the API does, to tell slow from silent


def name(target: Target, limit: float) -> Saw:
    """`{host, addresses}`, or `{host, detail}` where the name does not resolve."""
    return named(target, host_and_port(_ai(target).url)[0], limit)


def port(target: Target, limit: float) -> Saw:
    """`{address, outcome}` of a TCP connection to the provider."""
    return reached(target, *host_and_port(_ai(target).url), limit)


def models(target: Target, limit: float) -> Saw:
    """`{url, status, body, seconds, patience, models}` of the list of models, or its silence."""
    saw, said = _asked(target, limit, "/v1/models")
    listed = said.get("data") if isinstance(said, dict) else None
    if isinstance(listed, list):
        return {**saw, "models": [str(one.get("id")) for one in listed if isinstance(one, dict)]}
    return saw


def question(target: Target, limit: float) -> Saw:
    """`{url, status, body, seconds, patience, answered}` of a question of one token."""
    ai = _ai(target)
    if not ai.ask:
        raise CouldNotLook(say("probe.ai_not_asked", target=target.title))
    messages = [{"role": "user", "content": "ping"}]
    asked = {"model": ai.model, "messages": messages, "max_tokens": 1}
    saw, said = _asked(target, limit, "/v1/chat/completions", asked)
    answered = isinstance(said, dict) and isinstance(said.get("choices"), list)
    return {**saw, "answered": answered}


def _asked(target: Target, limit: float, route: str, asked: object = None) -> tuple[Saw, Any]:
    ai = _ai(target)
    key = ai_key(target)
    if key is None:
        raise CouldNotLook(say("probe.no_key", variable=ai.key_env))
    url = ai.url + route
    at = some_places(target, *host_and_port(url), limit)[0]
    # Every answer costs, also where it is the same provider of a hundred targets.
    who = url, at, ai.model, ai.patience, key
    return _ANSWERS.get(who, lambda: _answer(ai, url, at, key, limit, asked))


def _answer(
    ai: Ai, url: str, at: tuple[str, int], key: str, limit: float, asked: object
) -> tuple[Saw, Any]:
    wait = min(limit, ai.patience + _BEYOND_PATIENCE)
    saw: Saw = {"url": url, "model": ai.model, "patience": ai.patience, "limit": wait}
    begin = time.monotonic()
    try:
        answer = ask(url, wait, at=at, key=key, question=asked)
        seconds = time.monotonic() - begin
        if seconds > ai.patience and limit > 2 * seconds:
            # Once may be a busy moment, here or there; twice is slow.
            begin = time.monotonic()
            answer = ask(url, wait, at=at, key=key, question=asked)
            seconds = min(seconds, time.monotonic() - begin)
    except Silence as silence:
        return {**saw, "detail": str(silence), "connected": silence.connected}, None
    saw |= {"seconds": round(seconds, 3)}
    return {**saw, "status": answer.status, "body": answer.text[:KEPT]}, answer.json()


def _ai(target: Target) -> Ai:
    if target.ai is None:
        raise CouldNotLook(say("probe.no_ai", target=target.title))
    return target.ai
