"""The Aura Flow API: workflows in PostgreSQL, summaries from an AI provider, health for both."""

from __future__ import annotations

import os
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg.rows import dict_row
from psycopg_pool import PoolTimeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from drill.aura import release, settings
from drill.aura.metrics import Metrics
from drill.aura.names import ByName
from drill.aura.pool import NamedConnection, Pool
from drill.aura.readiness import Check, Degraded, report

KEPT_WORKFLOWS = 200
PRICE_PER_TOKEN = 0.00002


class Aura:
    """The API's handlers around the one pool and the one AI client they share."""

    def __init__(self) -> None:
        self.pool = Pool(settings.database())
        self.metrics = Metrics(self.pool)
        self.provider = settings.provider()
        self.ai = httpx.Client(
            base_url=self.provider.url,
            headers={"Authorization": f"Bearer {self.provider.key}"},
            timeout=2.0,
            transport=ByName(self.provider.dns_address, self.provider.dns_port),
        )
        self.tokens = 0
        self.ai_requests = 0
        self.exports: list[NamedConnection] = []
        self.imports: list[bytes] = []
        self.checks = [
            Check("database", self.ask_database),
            Check("ai_provider", self.ask_provider),
            Check("queue", self.ask_queue),
        ]

    def ask_database(self) -> str:
        """The database's answer, through the pool, as any request would get it."""
        with self.pool.connection() as session:
            session.execute("SELECT 1")
        return "connected"

    def ask_provider(self) -> str:
        """The AI provider's answer: our model is among its models."""
        if self.provider.mock:
            raise Degraded("mock mode: answers are canned")
        models = self.ai.get("/v1/models").raise_for_status().json()["data"]
        if self.provider.model not in [model["id"] for model in models]:
            raise LookupError(f"model {self.provider.model} not found")
        return "reachable"

    def ask_queue(self) -> str:
        """The work that is waiting."""
        return f"{len(self.exports)} exports unfinished"

    async def healthz(self, _request: Request) -> Response:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, _request: Request) -> Response:
        """What the process depends on answers too."""
        result = await report(self.checks)
        for name, check in result["checks"].items():
            self.metrics.dependencies.labels(name).set(check["status"] != "unhealthy")
        return JSONResponse(result, 200 if result["status"] == "healthy" else 503)

    async def prometheus(self, _request: Request) -> Response:
        """The metrics."""
        return Response(generate_latest(self.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    async def cost(self, _request: Request) -> Response:
        """What the AI provider has cost today."""
        return JSONResponse(
            {
                "date": datetime.now(UTC).date().isoformat(),
                "daily_cost": round(self.tokens * PRICE_PER_TOKEN, 4),
                "daily_budget": self.provider.daily_budget,
                "currency": "USD",
                "provider": "mock" if self.provider.mock else "openai",
                "requests": self.ai_requests,
            }
        )

    def list_workflows(self, _request: Request) -> Response:
        """The latest workflows."""
        with self.pool.connection() as session, session.cursor(row_factory=dict_row) as cursor:
            cursor.execute(
                "SELECT id, title, summary, created_at::text FROM workflows"
                " ORDER BY id DESC LIMIT 20"
            )
            return JSONResponse({"workflows": cursor.fetchall()})

    async def create_workflow(self, request: Request) -> Response:
        """A new workflow, summarised if the AI provider is there."""
        body = await request.json()
        title, document = str(body["title"]), str(body.get("document", ""))
        return await run_in_threadpool(self._create, title, document)

    def _create(self, title: str, document: str) -> Response:
        summary = self._summary(title)
        with self.pool.connection() as session, session.transaction():
            session.execute("UPDATE quota SET used = used + 1 WHERE tenant = 'aura'")
            row = session.execute(
                "INSERT INTO workflows (title, document, summary) VALUES (%s, %s, %s) RETURNING id",
                (title, document, summary),
            ).fetchone()
            number = row[0] if row else 0
            session.execute("DELETE FROM workflows WHERE id <= %s", [number - KEPT_WORKFLOWS])
        return JSONResponse({"id": number, "title": title, "summary": summary}, 201)

    def _summary(self, title: str) -> str | None:
        if self.provider.mock:
            return "Summary: (mock)"
        messages = [{"role": "user", "content": title}]
        question = {"model": self.provider.model, "messages": messages}
        try:
            answer = self.ai.post("/v1/chat/completions", json=question).raise_for_status().json()
            tokens, text = answer["usage"]["total_tokens"], answer["choices"][0]["message"]
        except (httpx.HTTPError, OSError, LookupError, TypeError, ValueError):
            self.metrics.ai_requests.labels("failed").inc()
            return None
        self.metrics.ai_requests.labels("ok").inc()
        self.ai_requests += 1
        self.tokens += int(tokens)
        return str(text["content"])

    def export(self, _request: Request) -> Response:
        """An export that is started and, for want of anybody to finish it, never ends.

        The bug of this release, for a drill to use: its connection is not given back.
        """
        session = self.pool.getconn()
        self.exports.append(session)
        count = session.execute("SELECT count(*) FROM workflows").fetchone()
        return JSONResponse({"export": len(self.exports), "rows": count[0] if count else 0}, 202)

    async def take_in(self, request: Request) -> Response:
        """An import that is kept in memory and never written: the other bug of this release."""
        self.imports.append(await request.body())
        return JSONResponse({"imports": len(self.imports)}, 202)

    def app(self) -> ASGIApp:
        """The routes, measured."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> Any:
            self.pool.open(wait=False)
            yield

        return self.metrics.measured(
            Starlette(
                routes=[
                    Route("/healthz", self.healthz),
                    Route("/readyz", self.readyz),
                    Route("/metrics", self.prometheus),
                    Route("/monitoring/ai/cost", self.cost),
                    Route("/api/workflows", self.list_workflows, methods=["GET"]),
                    Route("/api/workflows", self.create_workflow, methods=["POST"]),
                    Route("/api/export", self.export, methods=["POST"]),
                    Route("/api/import", self.take_in, methods=["POST"]),
                ],
                exception_handlers={
                    PoolTimeout: _unavailable,
                    psycopg.Error: _failed,
                },
                lifespan=lifespan,
            )
        )


async def _unavailable(_request: Request, failure: Exception) -> Response:
    return JSONResponse({"error": str(failure)}, 503)


async def _failed(_request: Request, failure: Exception) -> Response:
    sqlstate = getattr(failure, "sqlstate", None)
    return JSONResponse({"error": str(failure), "sqlstate": sqlstate}, 500)


def main() -> None:
    """The API, until it is told to stop."""
    hoard = release.begin()
    uvicorn.run(
        Aura().app(),
        host=settings.bind(),
        port=settings.port_of("API"),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    hoard.clear()
    # A request that hangs on a sick database has a thread that would keep the process.
    if threading.active_count() > 1:
        os._exit(0)


if __name__ == "__main__":
    main()
