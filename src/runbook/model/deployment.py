"""A deployment as it is: what its compose file says, what runs, and what its scripts know."""

from __future__ import annotations

from pydantic import Field, JsonValue

from runbook.model.base import Frozen


class Published(Frozen):
    """A port of a container that the host listens for; an empty address is every one."""

    port: int
    inside: int
    address: str = ""
    protocol: str = "tcp"


class Shape(Frozen):
    """How a service is meant to run, or how a container does run: the two can be compared.

    `limit` is in bytes, `networks` has the aliases of each, `mounts` what is mounted where.
    None is what a compose file leaves to the image or to Docker; `settings` are the others that
    are not left to them.
    """

    image: str = ""
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: dict[str, str | None] = Field(default_factory=dict)
    published: tuple[Published, ...] = ()
    limit: int | None = None
    cpus: float | None = None
    networks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    mounts: tuple[str, ...] = ()
    restart: str = "no"
    health: tuple[str, ...] | None = None
    user: str | None = None
    stop_signal: str | None = None
    settings: dict[str, str] = Field(default_factory=dict)


class Service(Frozen):
    """A service of the compose file, with what keeps it from being scaled."""

    shape: Shape
    container_name: str | None = None
    fixed_address: bool = False
    replicas: int = 1
    optional: bool = False


class Container(Frozen):
    """A container of the project, running or not.

    `image_id` is what it was made of, `image_now` what its tag means by now.  `health` is Docker's
    own flag, empty without a health check; `said` is the last word of the check.
    """

    service: str
    number: int
    name: str
    state: str
    shape: Shape
    image_id: str = ""
    image_now: str | None = None
    address: str | None = None
    health: str = ""
    said: str = ""
    oneoff: bool = False


class Script(Frozen):
    """A script of the deployment's folder; `broken` is what its interpreter says of it."""

    text: str
    executable: bool
    broken: str | None = None


class Answer(Frozen):
    """What a route answered: its status, and its body where that is JSON."""

    status: int
    seconds: float = 0.0
    body: JsonValue = None
    json_answer: bool = False


class Deployment(Frozen):
    """Everything that was seen of a deployment.

    `unseen` says of each part that could not be looked at why not; such a part is empty.
    `refused` is what docker-compose says of a file it cannot read; `other_project` is set where the
    folder belongs to another project than the target's, `started_in` where the containers come from
    another folder.  `changes` are the services that a
    variable changes when it is exported; `helps` what compose prints for a verb.  `images` are
    the tags asked for, `ports` those of this host at which somebody listens, `listens` the
    `service:port` that accept a connection, `programs` the `service program` that are there.
    `tested` is what the route of a service's health check answers.
    """

    unseen: dict[str, str] = Field(default_factory=dict)
    refused: str | None = None
    other_project: bool = False
    started_in: str | None = None
    services: dict[str, Service] = Field(default_factory=dict)
    containers: tuple[Container, ...] = ()
    processes: dict[str, str] = Field(default_factory=dict)
    changes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    helps: dict[str, str] = Field(default_factory=dict)
    images: dict[str, bool] = Field(default_factory=dict)
    scripts: dict[str, Script | None] = Field(default_factory=dict)
    files: tuple[str, ...] = ()
    configurations: dict[str, str] = Field(default_factory=dict)
    there: dict[str, bool] = Field(default_factory=dict)
    ports: dict[str, bool] = Field(default_factory=dict)
    routes: dict[str, Answer] = Field(default_factory=dict)
    tested: dict[str, Answer] = Field(default_factory=dict)
    metrics: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)
    listens: dict[str, bool] = Field(default_factory=dict)
    programs: dict[str, bool] = Field(default_factory=dict)
    session: str = ""
    databases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    sees_all: bool = False

    def of(self, service: str) -> tuple[Container, ...]:
        """The containers of the service, without those that were run once."""
        return tuple(one for one in self.containers if one.service == service and not one.oneoff)
