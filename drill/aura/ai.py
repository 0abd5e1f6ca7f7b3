"""An AI provider in the shape of OpenAI's HTTP API, with the same answer to the same question."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from drill.aura import settings

MODEL = "aura-mini"


def models(_request: Request) -> Response:
    """The one model there is."""
    return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model"}]})


async def complete(request: Request) -> Response:
    """The last message, summarised by its first words."""
    messages = (await request.json())["messages"]
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
        return models(request) if request.method == "GET" else await complete(request)

    return Starlette(
        routes=[
            Route("/v1/models", guard, methods=["GET"]),
            Route("/v1/chat/completions", guard, methods=["POST"]),
        ]
    )


def main() -> None:
    """The provider, until it is told to stop."""
    uvicorn.run(
        app(settings.provider().key),
        host="127.0.0.1",
        port=settings.port_of("AI"),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
