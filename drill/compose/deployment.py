"""Where the compose drill keeps its things, and what it has told the world about itself."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from drill.place import Place, read_json, write_json

EDGE_HOST = "api.yourdomain.com"
SERVICES = ("postgres", "ai", "api", "frontend", "nginx")


@dataclass(frozen=True)
class State:
    """What the runbook's target `drill-compose` reads: flat, and without a secret."""

    project: str
    directory: str
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
    def secrets(self) -> Path:
        """Generated passwords and keys, one file each."""
        return self.folder / "run" / "secrets"

    def file(self, name: str) -> Path:
        """A file of the deployment's folder: `nginx/nginx.conf`, `run/settings.json`."""
        return self.folder / name

    def secret(self, name: str) -> str:
        """A generated password."""
        return (self.secrets / name).read_text(encoding="utf-8")

    def container(self, service: str, number: int = 1) -> str:
        """The id of a service's container, running or not; empty where there is none."""
        label = "com.docker.compose"
        return docker(
            *("ps", "-aq", "--no-trunc"),
            *("--filter", f"label={label}.project={self.state.project}"),
            *("--filter", f"label={label}.service={service}"),
            *("--filter", f"label={label}.container-number={number}"),
        ).strip()

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


def docker(*words: str, check: bool = True) -> str:
    """What docker printed; raises CalledProcessError."""
    return ran(["docker", *words], check=check)


def ran(argv: list[str], *, cwd: Path | None = None, check: bool = True) -> str:
    """What the command printed, its complaints behind it; raises CalledProcessError."""
    done = subprocess.run(
        argv, cwd=cwd, text=True, check=check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.stdout


def composer() -> list[str]:
    """The words that compose answers to on this machine: the old program, or the new plugin."""
    return ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
