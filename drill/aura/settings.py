"""What the stand-in's programs read from their environment, and from a file that outranks it."""

from __future__ import annotations

import json
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
    """How the API reaches its AI provider; `mock` is to do without it, on purpose."""

    url: str
    key: str
    model: str
    daily_budget: float
    mock: bool
    dns_address: str
    dns_port: int


def database() -> Database:
    """As the environment and the password file say at this moment."""
    return Database(
        host=_setting("AURA_DB_HOST"),
        port=int(_setting("AURA_DB_PORT")),
        name=_setting("AURA_DB_NAME"),
        user=_setting("AURA_DB_USER"),
        password=_secret("AURA_DB_PASSWORD_FILE"),
        dns_address=_setting("AURA_DNS_ADDRESS"),
        dns_port=int(_setting("AURA_DNS_PORT")),
    )


def provider() -> Provider:
    """As the environment and the key file say at this moment."""
    return Provider(
        url=_setting("AURA_AI_URL"),
        key=_secret("AURA_AI_KEY_FILE"),
        model=_setting("AURA_AI_MODEL", "aura-mini"),
        daily_budget=float(_setting("AURA_AI_DAILY_BUDGET", "50")),
        mock=_setting("AI_PROVIDER", "openai") == "mock",
        dns_address=_setting("AURA_DNS_ADDRESS"),
        dns_port=int(_setting("AURA_DNS_PORT")),
    )


def provider_key() -> str:
    """The key the provider itself accepts."""
    return _secret("AURA_PROVIDER_KEY_FILE")


def port_of(part: str) -> int:
    """Where the `API`, the `AI` or the `EDGE` part listens."""
    return int(_setting(f"AURA_{part}_PORT"))


def bind() -> str:
    """The address the programs listen at; the loopback of a container is nobody else's."""
    return _setting("AURA_BIND", "127.0.0.1")


def upstream() -> str:
    """Where the edge hands requests on to."""
    return _setting("AURA_UPSTREAM", _setting("AURA_API_URL"))


def number(name: str) -> float:
    """A setting that is a number; zero where it is not set."""
    return float(_setting(name, "0"))


def _setting(name: str, default: str | None = None) -> str:
    file = Path(os.environ.get("AURA_SETTINGS_FILE", os.devnull))
    over = json.loads(file.read_text(encoding="utf-8") or "{}") if file.exists() else {}
    value = over.get(name, os.environ.get(name, default))
    if value is None:
        raise KeyError(name)
    return str(value)


def _secret(variable: str) -> str:
    return Path(_setting(variable)).read_text(encoding="utf-8").strip()
