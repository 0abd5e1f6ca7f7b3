"""What the stand-in's programs read from their environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Database:
    """How the API reaches its database."""

    host: str
    port: int
    name: str
    user: str
    password: str
    dns_address: str
    dns_port: int


@dataclass(frozen=True)
class Provider:
    """How the API reaches its AI provider."""

    url: str
    key: str


def database() -> Database:
    """As the environment and the password file say at this moment."""
    return Database(
        host=os.environ["AURA_DB_HOST"],
        port=int(os.environ["AURA_DB_PORT"]),
        name=os.environ["AURA_DB_NAME"],
        user=os.environ["AURA_DB_USER"],
        password=_secret("AURA_DB_PASSWORD_FILE"),
        dns_address=os.environ["AURA_DNS_ADDRESS"],
        dns_port=int(os.environ["AURA_DNS_PORT"]),
    )


def provider() -> Provider:
    """As the environment and the key file say at this moment."""
    return Provider(url=os.environ["AURA_AI_URL"], key=_secret("AURA_AI_KEY_FILE"))


def port_of(part: str) -> int:
    """Where the `API` or the `AI` part listens."""
    return int(os.environ[f"AURA_{part}_PORT"])


def _secret(variable: str) -> str:
    return Path(os.environ[variable]).read_text(encoding="utf-8").strip()
