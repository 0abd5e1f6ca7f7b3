"""The addresses of one deployment, so that the runbook's names need not be the deployment's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from runbook.model.base import Frozen, Text, like
from runbook.model.scenario import RuntimeKind

Route = Annotated[str, like(r"^/", "/healthz")]
Url = Annotated[str, like(r"^https?://[^/\s]+$", "http://localhost:3001")]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Host = Annotated[str, like(r"^[A-Za-z0-9._:-]+$", "db.internal")]
Name = Annotated[str, like(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "aura-flow")]
EnvName = Annotated[str, like(r"^[A-Z][A-Z0-9_]*$", "RUNBOOK_DB_PASSWORD")]


class Labels(Frozen):
    """What kind of deployment this is; records and confirmations depend on it."""

    production: bool = Field(default=False, strict=True)
    drill: bool = Field(default=False, strict=True)


class State(Frozen):
    """Where a deployment writes down the addresses it chose at start.

    `state.json` in the directory named by the environment variable `env`, or else `default`
    under the root of the project; its keys fill the `${...}` of the target.
    """

    env: EnvName
    default: Text


class Runtime(Frozen):
    """What keeps the services running, and where it is asked about them."""

    kind: RuntimeKind
    socket: Text | None = None
    project: Text | None = None


class Services(Frozen):
    """What this deployment calls the services that the runbook speaks of."""

    api: Name
    database: Name
    ai: Name | None = None
    frontend: Name | None = None
    nginx: Name | None = None


class Routes(Frozen):
    """The paths of the API that probes ask."""

    live: Route
    ready: Route
    metrics: Route | None = None
    ai_cost: Route | None = None


class PoolMetrics(Frozen):
    """The names under which the API publishes its connection pool to Prometheus."""

    in_use: Text
    maximum: Text
    waiting: Text


class Api(Frozen):
    """Where the API answers."""

    url: Url
    routes: Routes
    pool: PoolMetrics | None = None


class Database(Frozen):
    """Where the database answers, and as whom the API connects to it.

    The password is never here: it is in the environment variable `password_env`, or in the file
    `password_file` where the deployment keeps it (as Docker secrets do).
    """

    host: Host
    port: Port
    name: Name
    user: Name
    password_env: EnvName
    password_file: Text | None = None
    data_dir: Text | None = None


class Resolver(Frozen):
    """The name server to ask instead of the system's."""

    address: Host
    port: Port = 53


class Target(Frozen):
    """One deployment that can be diagnosed."""

    id: str
    title: Text
    labels: Labels = Labels()
    state: State | None = None
    runtime: Runtime
    services: Services
    api: Api
    database: Database
    resolver: Resolver | None = None


class Absent(Frozen):
    """A deployment that is not there now: nobody wrote down its addresses."""

    id: str
    title: Text
    labels: Labels = Labels()
    reason: Text
