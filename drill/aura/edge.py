"""Where users come in: TLS, and every request handed on to the API, as nginx would."""

from __future__ import annotations

import os
import socket

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from drill.aura import settings

PATIENCE_SECONDS = 2.5
IP_FREEBIND = 15
_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "host", "te", "trailer"}


def app(upstream: str) -> Starlette:
    """The proxy: the upstream's answer, 502 where there is nobody, 504 where there is no answer."""
    client = httpx.AsyncClient(base_url=upstream, timeout=PATIENCE_SECONDS, trust_env=False)

    async def hand_on(request: Request) -> Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP_BY_HOP}
        try:
            answer = await client.request(
                request.method,
                request.url.path,
                params=request.query_params,
                content=await request.body(),
                headers=headers,
            )
        except httpx.TimeoutException:
            return PlainTextResponse("504 Gateway Time-out", 504)
        except httpx.TransportError:
            return PlainTextResponse("502 Bad Gateway", 502)
        kept = {
            k: v
            for k, v in answer.headers.items()
            if k.lower() not in _HOP_BY_HOP | {"content-length", "content-encoding"}
        }
        return Response(answer.content, answer.status_code, kept)

    return Starlette(routes=[Route("/{path:path}", hand_on, methods=_METHODS)])


def listener(address: str, port: int) -> socket.socket:
    """A socket on the address, also while no interface has it yet."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
    listening.bind((address, port))
    listening.listen(512)
    return listening


def main() -> None:
    """The edge, until it is told to stop."""
    config = uvicorn.Config(
        app(settings.upstream()),
        ssl_certfile=os.environ["AURA_EDGE_CERTIFICATE"],
        ssl_keyfile=os.environ["AURA_EDGE_KEY"],
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    sockets = [listener(os.environ["AURA_EDGE_BIND"], settings.port_of("EDGE"))]
    uvicorn.Server(config).run(sockets)


if __name__ == "__main__":
    main()
