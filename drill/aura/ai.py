"""An AI provider in the shape of OpenAI's HTTP API, with the same answer to the same question.

Its mood is read from a file for every request: who edits the file changes the answers.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from drill.aura import settings

MODEL = "aura-mini"


def mood() -> dict[str, Any]:
    """How the provider is now: `seconds` to wait, `answer` with a `status` to give instead of the
    right one, `only` on paths that end so, and the `model` it has.
    """
    file = Path(os.environ.get("AURA_AI_MOOD_FILE", os.devnull))
    return dict(json.loads(file.read_text(encoding="utf-8") or "{}")) if file.exists() else {}


def models(model: str) -> Response:
    """The one model there is."""
    return JSONResponse({"object": "list", "data": [{"id": model, "object": "model"}]})


def complete(messages: list[dict[str, Any]]) -> Response:
    """The last message, summarised by its first words."""
    asked = " ".join(str(message["content"]) for message in messages)
    answer = "Summary: " + " ".join(asked.split()[:8])
    prompt_tokens, completion_tokens = len(asked.split()), len(answer.split())
    return JSONResponse(
        {
            "id": "chatcmpl-drill",
            "object": "chat.completion",
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": answer},
                }
            ],
            "usage": {
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "total_tokens": prompt_tokens + completion_tokens,
            },
        }
    )


def app(key: str) -> Starlette:
    """The provider, for callers that carry the key."""

    async def guard(request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {key}":
            error = {"message": "Incorrect API key provided", "code": "invalid_api_key"}
            return JSONResponse({"error": error}, 401)
        now = mood()
        await asyncio.sleep(now.get("seconds", 0))
        if "answer" in now and request.url.path.endswith(now.get("only", "")):
            return Response(now["answer"], now["status"], media_type=now["type"])
        model = now.get("model", MODEL)
        if request.method == "GET":
            return models(model)
        asked = await request.json()
        if asked["model"] != model:
            missing = f"The model {asked['model']} does not exist or you do not have access to it."
            return JSONResponse({"error": {"message": missing, "code": "model_not_found"}}, 404)
        return complete(asked["messages"])

    return Starlette(
        routes=[
            Route("/v1/models", guard, methods=["GET"]),
            Route("/v1/chat/completions", guard, methods=["POST"]),
        ]
    )


def main() -> None:
    """The provider, until it is told to stop."""
    uvicorn.run(
        app(settings.provider_key()),
        host=settings.bind(),
        port=settings.port_of("AI"),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
