"""The API's database connections: real ones, counted, and with the reason they cannot be had.

psycopg_pool keeps trying in the background and tells a waiting request only that time is up.
What a responder needs is what the last attempt failed with, so it is kept here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, Self

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from drill.aura.names import address_of
from drill.aura.settings import Database

WAIT_SECONDS = 2.0


class NamedConnection(Connection[Any]):
    """A connection whose host is looked up when it is made, and whose failure is remembered."""

    @classmethod
    def connect(  # type: ignore[override]
        cls, conninfo: str = "", *, address: Callable[[], str], failures: deque[str], **kwargs: Any
    ) -> Self:
        """A new connection, to wherever the name points now."""
        try:
            connection = super().connect(conninfo, hostaddr=address(), **kwargs)
        except (psycopg.Error, OSError) as failure:
            failures.append(" ".join(str(failure).split()))
            raise
        failures.clear()
        return connection


class Pool(ConnectionPool[NamedConnection]):
    """At most five connections; `in_use` counts those some request holds at this moment."""

    def __init__(self, database: Database) -> None:
        self.failures: deque[str] = deque(maxlen=1)
        self.in_use = 0
        self._counting = Lock()
        super().__init__(
            conninfo=psycopg.conninfo.make_conninfo(
                host=database.host,
                port=database.port,
                dbname=database.name,
                user=database.user,
                password=database.password,
                application_name="aura-api",
                connect_timeout=2,
            ),
            connection_class=NamedConnection,
            kwargs={
                "autocommit": True,
                "failures": self.failures,
                "address": lambda: address_of(
                    database.host, database.dns_address, database.dns_port
                ),
            },
            min_size=2,
            max_size=5,
            timeout=WAIT_SECONDS,
            # Short, so that the pause between attempts stays short and recovery takes seconds.
            reconnect_timeout=3.0,
            check=ConnectionPool.check_connection,
            open=False,
        )

    def getconn(self, timeout: float | None = None) -> NamedConnection:
        """A working connection; PoolTimeout with the real reason when there is none in time."""
        try:
            connection = super().getconn(timeout)
        except PoolTimeout as failure:
            reasons = [str(failure), *(f"last connection error: {text}" for text in self.failures)]
            raise PoolTimeout("; ".join(reasons)) from failure
        with self._counting:
            self.in_use += 1
        return connection

    def putconn(self, conn: NamedConnection) -> None:
        """The connection is free for the next request."""
        super().putconn(conn)
        with self._counting:
            self.in_use -= 1

    @property
    def waiting(self) -> int:
        """How many requests wait for a connection."""
        return self.get_stats().get("requests_waiting", 0)
