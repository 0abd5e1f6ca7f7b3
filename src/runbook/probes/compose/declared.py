"""What the compose file says the services should be, as docker-compose itself reads it."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from runbook.probes.compose.located import Located

# The younger one first: it needs a tenth of the time.
_COMPOSERS = (("docker", "compose"), ("docker-compose",))
_UNITS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


class Declared(NamedTuple):
    """A service of the compose file; the limit is of its memory, in bytes; None is no limit."""

    image: str | None
    limit: int | None
    cpus: float | None
    pids: int | None
    replicas: int
    fixed_name: bool


def declared(target: Located, limit: float) -> dict[str, Declared]:
    """Each service of the compose file by name; empty where the file is not here, or not readable.

    Compose itself is asked, because it fills in .env and merges overrides.
    """
    folder = target.runtime.directory
    if folder is None or not Path(folder).is_dir():
        return {}
    text = _config(folder, target.runtime.project, limit)
    services = text.get("services")
    return (
        {name: _declared(one) for name, one in services.items() if isinstance(one, dict)}
        if isinstance(services, dict)
        else {}
    )


def _config(folder: str, project: str | None, limit: float) -> dict[str, Any]:
    named = ["-p", project] if project else []
    for program in _COMPOSERS:
        with suppress(OSError, subprocess.SubprocessError, yaml.YAMLError, TypeError, ValueError):
            done = subprocess.run(
                [*program, *named, "config"],
                cwd=folder,
                capture_output=True,
                timeout=limit,
                check=True,
                stdin=subprocess.DEVNULL,
            )
            # The older compose knows no JSON.
            return dict(yaml.load(done.stdout, Loader=yaml.CSafeLoader))
    return {}


def _declared(service: dict[str, Any]) -> Declared:
    resources = (service.get("deploy") or {}).get("resources") or {}
    limits = resources.get("limits") or {}
    memory = service.get("mem_limit") or limits.get("memory")
    return Declared(
        image=service.get("image"),
        limit=_bytes(memory),
        cpus=_positive(service.get("cpus") or limits.get("cpus")),
        pids=int(_positive(service.get("pids_limit") or limits.get("pids")) or 0) or None,
        replicas=int((service.get("deploy") or {}).get("replicas") or service.get("scale") or 1),
        fixed_name=bool(service.get("container_name")),
    )


def _positive(number: object) -> float | None:
    with suppress(ValueError):
        return max(0.0, float(str(number or 0))) or None
    return None


def _bytes(size: object) -> int | None:
    text = str(size or "").strip().lower().removesuffix("b") or "0"
    unit = text[-1] if text[-1] in _UNITS else ""
    with suppress(ValueError):
        return int(float(text.removesuffix(unit)) * _UNITS.get(unit, 1)) or None
    return None
