"""The lesser settings of a service, in the file and in a container, each as one text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "ns": 1e-9}
_PART = re.compile(r"([\d.]+)(h|ms|us|ns|m|s)")
_TIMES = ("interval", "timeout", "start_period")
_NANO = 1e9


def settings_of_service(raw: Mapping[str, Any]) -> dict[str, str]:
    """What the file says of logging, of the times of the health check, and of privileges."""
    health, logging = raw.get("healthcheck") or {}, raw.get("logging") or {}
    found = {
        "logging": _logging(logging.get("driver"), logging.get("options")),
        "retries": _number(health.get("retries")),
        **{name: _number(_seconds(health.get(name))) for name in _TIMES},
        "cap_add": _listed(raw.get("cap_add")),
        "privileged": _flag(raw.get("privileged")),
        "read_only": _flag(raw.get("read_only")),
        "extra_hosts": _hosts(raw.get("extra_hosts")),
        "dns": _listed(raw.get("dns")),
    }
    return {name: text for name, text in found.items() if text}


def settings_of_container(config: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, str]:
    """The same of a container; what the engine chose by itself is left out."""
    health, logging = config.get("Healthcheck") or {}, host.get("LogConfig") or {}
    times = {"interval": "Interval", "timeout": "Timeout", "start_period": "StartPeriod"}
    found = {
        "logging": _logging(logging.get("Type"), logging.get("Config")),
        "retries": _number(health.get("Retries")),
        **{name: _number((health.get(key) or 0) / _NANO) for name, key in times.items()},
        "cap_add": _listed(host.get("CapAdd")),
        "privileged": _flag(host.get("Privileged")),
        "read_only": _flag(host.get("ReadonlyRootfs")),
        "extra_hosts": _hosts(host.get("ExtraHosts")),
        "dns": _listed(host.get("Dns")),
    }
    return {name: text for name, text in found.items() if text}


def _logging(driver: str | None, options: Mapping[str, Any] | None) -> str:
    # The engine's own choice has no options, and no file wrote it down.
    told = [f"{key}={value}" for key, value in sorted((options or {}).items())]
    return " ".join([driver or "", *told]) if told or driver not in (None, "json-file") else ""


def _seconds(said: Any) -> float:
    if isinstance(said, int | float):
        return float(said)
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(str(said or "")))


def _number(said: Any) -> str:
    return f"{float(said):g}" if said else ""


def _flag(said: Any) -> str:
    return "true" if said else ""


def _listed(said: Any) -> str:
    words = [said] if isinstance(said, str) else said or ()
    return " ".join(sorted(str(one).removeprefix("CAP_") for one in words))


def _hosts(said: Any) -> str:
    pairs = [f"{name}:{to}" for name, to in said.items()] if isinstance(said, dict) else said
    return _listed([str(one).replace("=", ":", 1) for one in pairs or ()])
