"""What exactly would be done to which target, refused before anything is touched."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from runbook.acting.instances import PROVIDER, Instance, instances
from runbook.catalog import Catalog
from runbook.errors import BadInput
from runbook.model import Action, Effect, Target
from runbook.model.target import ServiceRole
from runbook.probes.look import CouldNotLook
from runbook.words import listed, nearest, say

_VALUES = {
    "tag": re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"),
    "replicas": re.compile(r"[1-9]|1[0-9]|20"),
    "reason": re.compile(r"[^\x00-\x1f\x7f]{1,200}"),
}
_TO = ("tag", "replicas")  # what an action may lead to, by the one word `to`
_COMPOSE = "docker-compose"
_COUNT = "${count}"


@dataclass(frozen=True)
class Plan:
    """One action on one target, everything in it checked.

    `argv` is what is executed in `directory` with `environment` beside our own.  `services` are the
    names that the deployment gives to what it touches, by role.
    """

    name: str
    action: Action
    effect: Effect
    service: ServiceRole | None
    services: Mapping[ServiceRole, str]
    target: Target
    options: Mapping[str, str]
    argv: tuple[str, ...]
    directory: Path | None
    environment: Mapping[str, str]

    @property
    def line(self) -> str:
        """The command as a person would type it."""
        return shlex.join(self.argv)

    @property
    def title(self) -> str:
        """What is done to what, in a few words."""
        return " ".join(filter(None, (self.action.title, self.service)))

    @property
    def deadline(self) -> float:
        """The seconds that the whole of it may take: look, act, wait for the effect, look again."""
        return _LOOKING + self.action.limit + self.effect.within + 3 * _LOOKING

    def undo(self, was: str) -> str | None:
        """The command that undoes it, where it was so before; None where there is none."""
        back = self.action.undo and self.action.undo.act
        if not back or ("${was}" in back and not was):
            return None
        facts = {**self.options, "was": was, "service": self.service or ""}
        words = (Template(word).safe_substitute(facts) for word in back)
        return shlex.join(["runbook", "act", *words, "--target", self.target.id])


_LOOKING = 20.0  # seconds for all probes, and a kernel that starts


def plan(
    catalog: Catalog, name: str, service: str | None, target: str, given: Mapping[str, str]
) -> Plan:
    """The plan of that action; `given` are the options said, `to` the one that says whereto.

    Raises BadInput for what cannot be.
    `service` is a service by the runbook's name or the deployment's, or the second word of an
    action's name: `rollback full` is the action `rollback-full`.
    """
    where = catalog.target(target)
    action_name, subject = _named(catalog.actions, name, service)
    action = catalog.actions[action_name]
    if action.effect is None:
        raise BadInput(say("act.only_looks", action=action_name))
    options = _options(action_name, action, given)
    if not isinstance(where, Target):
        raise BadInput(where.reason)
    command = _command(action_name, action, where)
    role = _role(action_name, action, subject, where)
    touched = _touched(action, role, where)
    directory = _directory(where)
    there = _there(action, where, command, touched)
    return Plan(
        name=action_name,
        action=action,
        effect=action.effect,
        service=role,
        services=touched,
        target=where,
        options=options,
        argv=_argv(action, command, where, touched, options, there),
        directory=directory,
        environment=_environment(action, where, there),
    )


def _named(actions: Mapping[str, Action], name: str, service: str | None) -> tuple[str, str | None]:
    """The name of the action, and the service meant where it is one."""
    if name in actions:
        return name, service
    if service is not None and f"{name}-{service}" in actions:
        return f"{name}-{service}", None
    spoken = [_spoken(one, actions) for one, action in actions.items() if action.effect]
    wanted = " ".join(filter(None, (name, service)))
    hint = nearest(wanted, spoken) or nearest(name, spoken)
    raise BadInput(say("act.unknown", action=wanted, known=listed(spoken), hint=hint))


def _spoken(name: str, actions: Mapping[str, Action]) -> str:
    """The action as it is typed: `rollback full`, and `restart`, which a service follows."""
    return name if actions[name].services else name.replace("-", " ", 1)


def _role(name: str, action: Action, subject: str | None, target: Target) -> ServiceRole | None:
    if action.touches:
        if subject is not None:
            raise BadInput(say("act.no_service", action=name, service=subject))
        return None
    there = {
        role: called
        for role, called in target.services.model_dump(exclude_none=True).items()
        if role in action.services
    }
    if subject is None:
        raise BadInput(say("act.which_service", action=name, known=listed(there)))
    for role in action.services:
        if role in there and subject in (role, there[role]):
            return role
    hint = nearest(subject, [*there, *there.values()])
    facts = {"service": ascii(subject), "action": name, "target": target.title}
    raise BadInput(say("act.unknown_service", **facts, known=listed(there), hint=hint))


def _touched(action: Action, role: ServiceRole | None, target: Target) -> dict[ServiceRole, str]:
    found = {}
    for one in action.touches or (role,):
        called = getattr(target.services, str(one))
        if one is None or called is None:
            raise BadInput(say("act.not_there", service=one, target=target.title))
        found[one] = str(called)
    return found


def _options(name: str, action: Action, given: Mapping[str, str]) -> dict[str, str]:
    """What the command is told: what was said, else what the data says."""
    taken = {str(option): value for option, value in action.options.items()}
    for said, value in given.items():
        if not value:
            continue
        option = said if said != "to" else next((one for one in _TO if one in taken), said)
        if option not in taken:
            known = listed(f"--{one}" for one in taken) or say("page.none")
            raise BadInput(say("act.no_option", option=option, action=name, known=known))
        if not _VALUES[option].fullmatch(value) or value != value.strip():
            raise BadInput(say(f"act.bad_{option}", value=ascii(value)))
        taken[option] = value
    return taken


def _command(name: str, action: Action, target: Target) -> tuple[str, ...]:
    """The words for this runtime; raises BadInput where it has none."""
    kind = target.runtime.kind
    if kind not in action.commands:
        facts = {"action": name, "target": target.title, "kind": kind}
        raise BadInput(say("act.no_command", **facts, kinds=listed(action.commands)))
    return action.commands[kind]


def _there(
    action: Action,
    target: Target,
    command: tuple[str, ...],
    touched: Mapping[ServiceRole, str],
) -> tuple[Instance, ...]:
    """The instances of the one service, or else the API's, where the command must know of them.

    What compose makes anew has the number and the environment of its file and our terminal: what
    was scaled or switched before would be taken back without a word.  Raises BadInput where the
    instances cannot be seen.
    """
    if not action.keeps_provider and _COUNT not in " ".join(command):
        return ()
    try:
        one = next(iter(touched.values())) if len(touched) == 1 else target.services.api
        return instances(target, one)
    except CouldNotLook as reason:
        raise BadInput(say("act.cannot_see", detail=reason)) from reason


def _argv(
    action: Action,
    command: tuple[str, ...],
    target: Target,
    touched: Mapping[ServiceRole, str],
    options: Mapping[str, str],
    there: tuple[Instance, ...],
) -> tuple[str, ...]:
    """The words of the command, with everything filled in."""
    added = [word for one, words in action.added.items() if options.get(one) for word in words]
    facts = {**options, "target": target.id, "socket": target.runtime.socket or ""}
    facts["count"] = str(max(1, len(there)))
    if len(touched) == 1:
        facts["service"] = next(iter(touched.values()))
    words = [Template(word).substitute(facts) for word in (*command, *added)]
    if _COMPOSE in words and shutil.which(_COMPOSE) is None:
        # The plugin takes the same words as the program did.
        at = words.index(_COMPOSE)
        words[at : at + 1] = ["docker", "compose"]
    return tuple(words)


def _directory(target: Target) -> Path | None:
    """The folder of the deployment, where its commands are typed; raises BadInput where unknown."""
    runtime = target.runtime
    if runtime.kind != "docker-compose":
        return None
    if runtime.directory is None:
        raise BadInput(say("act.no_directory", target=target.id))
    folder = Path(runtime.directory)
    if not folder.is_dir():
        raise BadInput(say("act.directory_gone", folder=folder, target=target.id))
    return folder


def _environment(action: Action, target: Target, there: tuple[Instance, ...]) -> dict[str, str]:
    """What the command must find in its environment to mean this deployment, as it is now."""
    runtime, found = target.runtime, {}
    if runtime.project:
        found["COMPOSE_PROJECT_NAME"] = runtime.project
    if runtime.host:
        found["DOCKER_HOST"] = runtime.host
    providers = {one.provider for one in there if one.provider}
    if action.keeps_provider and len(providers) == 1:
        found[PROVIDER] = providers.pop()
    return found


def full_environment(plan: Plan) -> dict[str, str]:
    """The environment of the command: ours without what is only for the runbook, and the plan's."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUNBOOK_")}
    # Where the runbook is installed without being on the path, so are the tools beside it.
    beside = f"{ours.get('PATH', os.defpath)}{os.pathsep}{Path(sys.executable).parent}"
    return {**ours, "PATH": beside, "TERM": "dumb", **plan.environment}


def plan_text(plan: Plan) -> str:
    """The command, where it runs and what it destroys, as lines for a terminal."""
    where = str(plan.directory) if plan.directory else say("act.here")
    environment = " ".join(f"{name}={value}" for name, value in plan.environment.items())
    lines = [
        say("act.title", title=plan.title, target=plan.target.title, id=plan.target.id),
        say("act.command", command=plan.line),
        say("act.where", where=where),
        *([say("act.environment", environment=environment)] if environment else []),
        say("act.destroys", what=plan.action.destroys),
        say("act.proof", proof=say(f"effect.proof_{plan.effect.kind}"), within=plan.effect.within),
        say("act.way_back", what=plan.action.undo.say if plan.action.undo else ""),
    ]
    return "\n".join(lines)
