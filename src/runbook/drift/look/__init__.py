"""Looking at a deployment for what is claimed of it: side by side, and nothing is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from runbook.drift.look import boxes, compose_file
from runbook.drift.look.routes import routes, with_metrics
from runbook.drift.look.seen import LIMIT, Seen
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim, ClaimKind
from runbook.probes.compose.located import located
from runbook.probes.deployment import database, folder
from runbook.probes.deployment.compose_file import folder_of
from runbook.probes.look import CouldNotLook
from runbook.probes.supervisor import EVERY, supervisor_of

Look = Callable[[], Seen]
_LOGIN = 3.0  # seconds


def look(target: Target, claims: Collection[Claim]) -> Deployment:
    """What there is of everything that is claimed; what could not be looked at says why not."""
    named = _named(claims)
    if target.runtime.kind == "supervisor":
        seen = _together(
            {
                "engine": lambda: _processes(target),
                "api": lambda: routes(target, named["route"], Deployment()),
                "database": lambda: _database(target),
                "folder": lambda: {"there": _absolute(named["file"])},
            }
        )
        return Deployment(**with_metrics(target, seen))
    found = located(target, LIMIT)
    first = _together(
        {
            "file": lambda: compose_file.compose_file(target),
            "project": lambda: compose_file.project(target, found),
            "changes": lambda: compose_file.changes(target, claims),
            "help": lambda: compose_file.helps(target, claims),
            "engine": lambda: boxes.boxes(target, found),
            "folder": lambda: _folder(target, named),
        }
    )
    so_far = Deployment(**first)
    second = _together(
        {
            "images": lambda: boxes.images(target, so_far, named["image"]),
            "inside": lambda: boxes.inside(found, claims),
            "api": lambda: routes(found, named["route"], so_far),
            "database": lambda: _database(found),
        }
    )
    unseen = {**first["unseen"], **second["unseen"]}
    return Deployment(**with_metrics(found, {**first, **second, "unseen": unseen}))


def _together(looks: dict[str, Look]) -> Seen:
    """Everything that was seen, and of what was not, why."""
    seen: Seen = {"unseen": {}}
    with ThreadPoolExecutor(len(looks)) as pool:
        for name, looking in {name: pool.submit(one) for name, one in looks.items()}.items():
            try:
                seen.update(looking.result())
            except CouldNotLook as reason:
                seen["unseen"][name] = str(reason)
    return seen


def _named(claims: Iterable[Claim]) -> dict[ClaimKind, list[str]]:
    named: dict[ClaimKind, list[str]] = defaultdict(list)
    for one in claims:
        named[one.kind].append(f"{one.of}{one.name}" if one.kind == "route" else one.name)
    return named


def _folder(target: Target, named: dict[ClaimKind, list[str]]) -> Seen:
    at = folder_of(target)
    files = folder.files_in(at)
    scripts = {name: folder.script_at(at, name) for name in dict.fromkeys(named["script"])}
    return {
        "files": files,
        "configurations": folder.configurations_in(at, files),
        "scripts": scripts,
        "there": _absolute(named["file"]),
    }


def _absolute(names: Iterable[str]) -> dict[str, bool]:
    there = {}
    for name in names:
        if name.startswith("/"):
            with suppress(OSError):
                there[name] = Path(name).exists()
    return there


def _database(found: Target) -> Seen:
    known = database.known_to(found, _LOGIN)
    return {
        "session": known.refusal,
        "databases": known.databases,
        "roles": known.roles,
        "sees_all": known.sees_all,
    }


def _processes(target: Target) -> Seen:
    with supervisor_of(target, LIMIT) as supervisor:
        every = supervisor.call(EVERY)
    return {"processes": {str(one["name"]): str(one["statename"]) for one in every}}
