"""The addresses of one deployment, so that the runbook's names need not be the deployment's."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from runbook.model.base import EnvName, Frozen, Slugs, Text, like
from runbook.model.scenario import RuntimeKind

Route = Annotated[str, like(r"^/", "/healthz")]
Url = Annotated[str, like(r"^https?://[^/\s]+$", "http://localhost:3001")]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Host = Annotated[str, like(r"^[A-Za-z0-9._:-]+$", "db.internal")]
Name = Annotated[str, like(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "aura-flow")]


def host_and_port(url: str) -> tuple[str, int]:
    """Where the URL leads, with the usual port of its scheme where it names none."""
    parts = urlsplit(url)
    return str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)


class Labels(Frozen):
    """What kind of deployment this is; records and confirmations depend on it."""

    production: bool = Field(default=False, strict=True)
    drill: bool = Field(default=False, strict=True)


class State(Frozen):
    """Where a deployment writes down the addresses it chose at start.

    The JSON `file` in the directory named by the environment variable `env`, or else `default`
    under the root of the project; its keys fill the `${...}` of the target.
    """

    env: EnvName
    default: Text
    file: Text = "state.json"


class Runtime(Frozen):
    """What keeps the services running, and where it is asked about them.

    `socket` is supervisord's.  `project` is compose's name for the deployment, `directory` the
    folder with its compose file, `host` the Docker engine (`ssh://...`) where it is not this
    machine's.
    """

    kind: RuntimeKind
    socket: Text | None = None
    project: Text | None = None
    directory: Text | None = None
    host: Text | None = None


class Services(Frozen):
    """What this deployment calls the services that the runbook speaks of."""

    api: Name
    database: Name
    ai: Name | None = None
    frontend: Name | None = None
    nginx: Name | None = None


ServiceRole = Literal["api", "database", "ai", "frontend", "nginx"]
"""A service as the runbook speaks of it."""


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


class CostFields(Frozen):
    """The names of what was used and what may be used, in the answer of the route `ai_cost`."""

    used: Text
    budget: Text


class Api(Frozen):
    """Where the API answers."""

    url: Url
    routes: Routes
    pool: PoolMetrics | None = None
    cost: CostFields | None = None


class Edge(Frozen):
    """Where users come in: what they type, the addresses it must lead to, and whom they trust.

    Without `addresses` no address is wrong; without `ca_file` the machine's authorities count.
    """

    url: Url
    addresses: tuple[Host, ...] = ()
    ca_file: Text | None = None


class Ai(Frozen):
    """The AI provider as the API calls it, in the shape of OpenAI's HTTP API.

    The key is never here: it is in the environment variable `key_env`, or in the file `key_file`.
    `patience` is how many seconds the API's readiness waits for an answer.  With `ask`, the
    diagnosis puts a question of one token, as a user would; it costs what one token costs.
    """

    url: Url
    model: Text
    key_env: EnvName
    key_file: Text | None = None
    patience: Annotated[float, Field(gt=0, le=60)] = 5.0
    ask: bool = Field(default=False, strict=True)


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
    edge: Edge | None = None
    ai: Ai | None = None
    limited: tuple[ServiceRole, ...] = Field(
        default=(), description="services that must have a memory limit of their own"
    )

    @property
    def public(self) -> frozenset[str]:
        """Its names, which are no secret even where one is also a password."""
        database, services = self.database, self.services.model_dump().values()
        return frozenset((database.host, database.name, database.user, *filter(None, services)))


class Group(Frozen):
    """Deployments that are looked at side by side: the regions or tenants of one system."""

    title: Text
    targets: Slugs = Field(min_length=1, description="names in targets.yml")


class Absent(Frozen):
    """A deployment that is not there now: nobody wrote down its addresses."""

    id: str
    title: Text
    labels: Labels = Labels()
    reason: Text
