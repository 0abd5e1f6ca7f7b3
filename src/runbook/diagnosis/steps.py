"""A step in the words of the data into the exact command for one target."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from string import Template

from runbook.model import Absent, Action, NextStep, Step, Target
from runbook.model.target import host_and_port


def next_step(
    step: Step,
    target: Target | Absent,
    actions: Mapping[str, Action],
    database_address: str | None = None,
) -> NextStep:
    """The step with its command for this target; without one where the target lacks a part.

    `database_address` is used where the target has a name server of its own, whose names the
    responder's machine does not know.
    """
    argv = step.argv
    if step.action and not isinstance(target, Absent):
        action, kind = actions[step.action], target.runtime.kind
        argv = action.by_hand.get(kind) or action.commands.get(kind)
    if argv is None or isinstance(target, Absent):
        return NextStep(say=step.say)
    known = _facts(step, target, database_address)
    if step.action:
        said = actions[step.action].options
        known = {**{str(one): text for one, text in said.items()}, **known}
    try:
        words = [Template(word).substitute(known) for word in argv]
    except KeyError:
        return NextStep(say=step.say)
    return NextStep(say=step.say, command=shlex.join(words))


def _facts(step: Step, target: Target, address: str | None) -> dict[str, str]:
    database = target.database
    service = getattr(target.services, step.service) if step.service else None
    found = {
        "target": target.id,
        "service": service,
        "socket": target.runtime.socket,
        "project": target.runtime.project,
        **{f"{role}_service": name for role, name in target.services.model_dump().items()},
        "api_url": target.api.url,
        "database_host": address if target.resolver and address else database.host,
        "database_name_host": database.host,
        "database_port": str(database.port),
        "database_name": database.name,
        "database_user": database.user,
        "database_data_dir": database.data_dir,
        **_url_facts("api", target.api.url),
        **_url_facts("edge", target.edge.url if target.edge else None),
        "edge_address": target.edge.addresses[0] if target.edge and target.edge.addresses else None,
        **_url_facts("ai", target.ai.url if target.ai else None),
    }
    return {name: value for name, value in found.items() if value is not None}


def _url_facts(name: str, url: str | None) -> dict[str, str]:
    if url is None:
        return {}
    host, port = host_and_port(url)
    return {f"{name}_url": url, f"{name}_host": host, f"{name}_port": str(port)}
