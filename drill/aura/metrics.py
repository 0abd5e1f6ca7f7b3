"""What the API tells Prometheus about itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drill.aura.pool import Pool


class Metrics:
    """The API's own registry and the series in it."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "aura_http_requests", "Requests answered.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "aura_http_request_duration_seconds", "Time to answer.", registry=self.registry
        )
        self.ai_requests = Counter(
            "aura_ai_requests", "Requests to the AI provider.", ["outcome"], registry=self.registry
        )
        self.dependencies = Gauge(
            "aura_dependency_up",
            "Whether it answered when readiness last asked.",
            ["dependency"],
            registry=self.registry,
        )
        self._gauge("size", "Connections open or being opened.", lambda: _of(pool, "pool_size"))
        self._gauge("max", "Connections the pool may open.", lambda: _of(pool, "pool_max"))
        self._gauge("in_use", "Connections held by a request.", lambda: pool.in_use)
        self._gauge("waiting", "Requests waiting for a connection.", lambda: pool.waiting)

    def _gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        Gauge(f"aura_db_pool_{name}", meaning, registry=self.registry).set_function(value)

    def measured(self, app: ASGIApp) -> ASGIApp:
        """The application, with every request counted and timed."""

        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            status = 500

            async def listen(message: Message) -> None:
                nonlocal status
                status = message.get("status", status)
                await send(message)

            started = time.monotonic()
            try:
                await app(scope, receive, listen)
            finally:
                # Only a route that exists becomes a label; addresses are typed by anybody.
                route = scope["path"] if "endpoint" in scope else "other"
                self.requests.labels(route, str(status)).inc()
                self.seconds.observe(time.monotonic() - started)

        return asgi


def _of(pool: Pool, measure: str) -> float:
    return pool.get_stats()[measure]
