"""What docker-compose says of the file, of the folder it stands in, and of its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from runbook.catalog.strict_yaml import parsed
from runbook.drift.look.seen import Seen
from runbook.drift.shapes import service_of
from runbook.model import Target
from runbook.model.deployment import Service
from runbook.model.drift import Claim
from runbook.probes.compose.located import Located
from runbook.probes.deployment.compose_file import Refused, compose, folder_of
from runbook.words import say

_LIMIT = 45.0  # seconds; the old compose takes one, and ten on a machine that is busy
_FILES = ("docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml")


def compose_file(target: Target) -> Seen:
    """The services of the file, or why compose does not take it."""
    if not any((folder_of(target) / name).is_file() for name in _FILES):
        return {"refused": say("drift_found.no_compose_file"), "services": {}}
    try:
        return {"services": _services(compose(target, "config", limit=_LIMIT), target)}
    except Refused as refusal:
        return {"refused": str(refusal)[-300:], "services": {}}


def _services(text: str, target: Target) -> dict[str, Service]:
    whole = parsed(text, "docker-compose.yml").value or {}
    project = str(target.runtime.project or whole.get("name") or "")
    networks = whole.get("networks") or {}
    return {
        name: service_of(raw or {}, project, networks)
        for name, raw in (whole.get("services") or {}).items()
    }


def project(target: Target, found: Target) -> Seen:
    """Whether what people type in the folder speaks of the containers of the target."""
    try:
        listed = set(compose(target, "ps", "-a", "-q", limit=_LIMIT).split())
    except Refused:
        return {}
    live = {str(one["Id"]) for one in found.containers} if isinstance(found, Located) else set()
    return {"other_project": bool(live or listed) and not live & listed}


def changes(target: Target, claims: Iterable[Claim]) -> Seen:
    """The services that are another once the variable is exported.

    All are exported at once, each with a value that nothing else has; where the file does not take
    such values, one after the other.
    """
    variables = _variables(claims)
    if not variables:
        return {}
    marks = {name: f"exported-{number}-" for number, name in enumerate(variables)}
    try:
        told = _services(_asked(target, marks), target)
        return {"changes": {name: _marked(told, mark) for name, mark in marks.items()}}
    except Refused:
        return {"changes": dict(_one_by_one(target, variables))}


def _variables(claims: Iterable[Claim]) -> dict[str, str]:
    values = {one.name: "" for one in claims if one.kind == "variable"}
    for one in claims:
        if one.kind == "variable" and one.of and " " not in one.of:
            values[one.name] = one.of
    return values


def _marked(services: dict[str, Service], mark: str) -> tuple[str, ...]:
    return tuple(name for name, one in services.items() if mark in one.model_dump_json())


def _one_by_one(target: Target, variables: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in variables.items():
        with suppress(Refused):
            one, other = (
                _services(_asked(target, {name: said}), target)
                for said in (value or "1", f"{value or '1'}0")
            )
            yield name, tuple(service for service in one if one[service] != other.get(service))


def _asked(target: Target, environment: dict[str, str]) -> str:
    return compose(target, "config", limit=_LIMIT, environment=environment)


def helps(target: Target, claims: Iterable[Claim]) -> Seen:
    """What compose prints for the verbs whose options are claimed."""
    told = {}
    for verb in sorted({one.of for one in claims if one.kind == "option"}):
        with suppress(Refused):
            told[verb] = compose(target, verb, "--help", limit=_LIMIT)
    return {"helps": told}
