"""Where the compose drill keeps its things, and what it has told the world about itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drill.compose.engine import composer, docker, ran
from drill.place import Place, read_json, write_json

EDGE_HOST = "api.yourdomain.com"
SERVICES = ("postgres", "ai", "api", "frontend", "nginx")
LABEL = "com.docker.compose"


@dataclass(frozen=True)
class State:
    """What the runbook's target `drill-compose` reads: flat, and without a secret."""

    project: str
    directory: str
    subnet: str
    api_port: int
    api_url: str
    edge_host: str
    edge_port: int
    edge_url: str
    edge_bind: str
    edge_addresses: list[str]
    edge_ca_file: str
    dns_address: str
    dns_port: int
    db_name: str
    db_user: str
    db_password_file: str
    ai_key_file: str
    data_dir: str


@dataclass(frozen=True)
class Deployment:
    """One compose drill: its folder, from which people type their commands, and its addresses."""

    folder: Path
    state: State

    @property
    def place(self) -> Place:
        """The folder as a place of its own: which fault is in stands there."""
        return Place(self.folder)

    @property
    def network(self) -> str:
        """The network that compose makes for it."""
        return f"{self.state.project}_aura"

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys, one file each."""
        return self.folder / "run" / "secrets"

    @property
    def disk(self) -> Path:
        """What the database server keeps its data on."""
        return self.folder / "pgdata"

    @property
    def has_road(self) -> bool:
        """Whether users come to the edge over a network that can be broken."""
        return self.state.edge_bind not in self.state.edge_addresses

    @property
    def ai_mood_file(self) -> Path:
        """How the AI provider is now."""
        return self.file("run/ai-mood.json")

    def file(self, name: str) -> Path:
        """A file of the deployment's folder: `nginx/nginx.conf`, `run/settings.json`."""
        return self.folder / name

    def secret(self, name: str) -> str:
        """A generated password."""
        return (self.secrets / name).read_text(encoding="utf-8")

    def container(self, service: str, number: int = 1) -> str:
        """The id of a service's container, running or not; empty where there is none."""
        wanted = {"service": service, "container-number": str(number), "oneoff": "False"}
        return " ".join(labelled("ps", "-aq", **wanted, project=self.state.project))

    def compose(self, *words: str, check: bool = True) -> str:
        """What docker-compose printed, from the folder of the deployment."""
        return ran([*composer(), *words], cwd=self.folder, check=check)


def home(place: Place) -> Path:
    """The folder of the compose drill of this place."""
    return place.folder / "compose"


def read_deployment(place: Place) -> Deployment | None:
    """The compose drill that was last open in this place, whether or not it still lives."""
    facts = read_json(home(place) / "state.json")
    return Deployment(home(place), State(**facts)) if facts else None


def write_state(deployment: Deployment) -> None:
    """The drill is open for use."""
    write_json(deployment.folder / "state.json", asdict(deployment.state))


def inspect(*containers: str) -> list[dict[str, Any]]:
    """What Docker knows of the containers."""
    return list(json.loads(docker("inspect", *containers))) if containers else []


def labelled(*words: str, **labels: str) -> list[str]:
    """The ids of what compose has labelled so: `labelled("ps", "-aq", project="aura")`."""
    filters = [f"label={LABEL}.{name}={value}" for name, value in labels.items()]
    options = [word for one in filters for word in ("--filter", one)]
    return docker(*words, "--no-trunc", *options).split()
