"""Where a drill keeps its things, and what it has told the world about itself."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Place:
    """The folder of one drill: what people and the runbook read stands here."""

    folder: Path

    @property
    def state_file(self) -> Path:
        """Addresses of the running drill; there only while it is ready to be used."""
        return self.folder / "state.json"

    @property
    def keeper_file(self) -> Path:
        """Who keeps the drill and where; there from its first moment to its last."""
        return self.folder / "keeper.json"

    @property
    def broken_file(self) -> Path:
        """The fault that is in; there from before it is put in until it is healed."""
        return self.folder / "broken.json"

    @property
    def logs(self) -> Path:
        """What every part printed, one file a part."""
        return self.folder / "logs"

    @property
    def secrets(self) -> Path:
        """Generated passwords, one file each, for the owner only."""
        return self.folder / "secrets"


class Standing(Protocol):
    """A drill that runs, whatever it stands on."""

    @property
    def place(self) -> Place:
        """Where its own things stand."""

    @property
    def state(self) -> Any:
        """Its addresses; always among them `api_url` and those of the edge and its name server."""


@dataclass(frozen=True)
class Keeper:
    """The process that keeps a drill up, and the short-lived directory it answers for."""

    pid: int
    started: float
    run_dir: str


@dataclass(frozen=True)
class State:
    """What the runbook's target `drill` reads: flat, and without a secret."""

    keeper_pid: int
    keeper_started: float
    run_dir: str
    api_port: int
    api_url: str
    ai_port: int
    ai_url: str
    db_host: str
    db_port: int
    db_name: str
    db_user: str
    db_password_file: str
    db_data_dir: str
    dns_address: str
    dns_port: int
    supervisor_socket: str
    edge_host: str
    edge_port: int
    edge_url: str
    edge_bind: str
    edge_addresses: list[str]
    edge_ca_file: str
    ai_key_file: str
    limited: list[str]


@dataclass(frozen=True)
class Drill:
    """One running drill: its folder and its addresses."""

    place: Place
    state: State

    @property
    def run(self) -> Path:
        """The short-lived directory under /tmp: sockets, data, configuration."""
        return Path(self.state.run_dir)

    @property
    def disk(self) -> Path:
        """What stands for the database server's disk."""
        return self.run / "pg"

    @property
    def data(self) -> Path:
        """The database server's data directory."""
        return Path(self.state.db_data_dir)

    @property
    def zone_file(self) -> Path:
        """The names the drill's DNS server knows."""
        return self.run / "zone.json"

    @property
    def dns_mood_file(self) -> Path:
        """How quick the name server is now."""
        return self.run / "dns-mood.json"

    @property
    def ai_mood_file(self) -> Path:
        """How the AI provider is now."""
        return self.run / "ai-mood.json"

    @property
    def road_file(self) -> Path:
        """How the network in front of the edge is now."""
        return self.run / "road.json"

    @property
    def settings_file(self) -> Path:
        """What outranks the environment of API and edge when they start."""
        return self.run / "settings.json"

    @property
    def certificate_file(self) -> Path:
        """The edge's certificate and what it was issued by."""
        return self.run / "edge.pem"

    @property
    def ca_file(self) -> Path:
        """The authority that users trust."""
        return Path(self.state.edge_ca_file)

    @property
    def sabotage_file(self) -> Path:
        """What the saboteur is to do when it is started."""
        return self.run / "sabotage.json"

    def secret(self, name: str) -> str:
        """A generated password."""
        return (self.place.secrets / name).read_text(encoding="utf-8")


def write_json(file: Path, facts: object) -> None:
    """The file holds the facts, never half of them."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def read_json(file: Path) -> dict[str, Any] | None:
    """The facts in the file; None when there is no such file or it is not one of ours."""
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None
    return facts if isinstance(facts, dict) else None


def write_keeper(place: Place, keeper: Keeper) -> None:
    """Anybody can find the drill's leftovers from now on."""
    write_json(place.keeper_file, asdict(keeper))


def read_keeper(place: Place) -> Keeper | None:
    """Who keeps, or last kept, the drill."""
    facts = read_json(place.keeper_file)
    return Keeper(**facts) if facts else None


def write_state(drill: Drill) -> None:
    """The drill is open for use."""
    write_json(drill.place.state_file, asdict(drill.state))


def read_drill(place: Place) -> Drill | None:
    """The drill that was last open in this place, whether or not it still lives."""
    facts = read_json(place.state_file)
    return Drill(place, State(**facts)) if facts else None
