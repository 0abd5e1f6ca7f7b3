"""What an action has done to a target: looked at before and after, judged by what is different."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from runbook.acting.instances import Instance, image_of, instances
from runbook.acting.plan import Plan
from runbook.model.target import ServiceRole
from runbook.probes import collect
from runbook.probes.compose.engine import engine_of, run_in
from runbook.probes.look import CouldNotLook
from runbook.words import listed, say

_TICK = 0.5
_LIMIT = 15.0  # seconds one question may take
_STEADY = 2.0  # seconds the effect must last: what is up may fall over at once
_TABLES = (
    "SELECT coalesce(string_agg(c.oid::text, ',' ORDER BY c.oid), '-') FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
)


@dataclass(frozen=True)
class Seen:
    """What runs of each service, and the one thing more that the kind of effect is read from.

    `fact` is the provider the API names, the configuration nginx serves or the tables there are;
    `generation` changes when what serves it was loaded anew.
    """

    instances: Mapping[ServiceRole, tuple[Instance, ...]]
    fact: str | None = None
    generation: str | None = None

    @property
    def all(self) -> tuple[Instance, ...]:
        """The instances of all services."""
        return tuple(one for own in self.instances.values() for one in own)

    @property
    def keys(self) -> frozenset[str]:
        """What is another after every start."""
        return frozenset(one.key for one in self.all)


def observe(plan: Plan, *, logs: bool = False) -> Seen:
    """What the effect of the plan is read from, at this moment; raises CouldNotLook."""
    there = {role: instances(plan.target, name, logs=logs) for role, name in plan.services.items()}
    look = _FACTS.get(plan.effect.kind)
    fact, generation = look(plan, there) if look else (None, None)
    return Seen(there, fact, generation)


def already(plan: Plan, before: Seen) -> str | None:
    """Why there is nothing to do: it is so already; None where there is."""
    if plan.effect.kind not in ("running", "image", "replicas", "provider"):
        return None
    lacks = wanting(plan, before, before)
    return say("act.already", state=told(plan, before)) if lacks is None else None


def wanting(plan: Plan, before: Seen, now: Seen) -> str | None:
    """What the effect still lacks, in a sentence; None where it is there."""
    for role, name in plan.services.items():
        if not now.instances[role]:
            return say("effect.none", service=name)
    if plan.effect.kind != "replicas" and len(now.all) < len(before.all):
        return say("effect.fewer", before=len(before.all), now=len(now.all))
    sick = [one for one in now.all if not one.well]
    if sick:
        return say("effect.sick", names=listed(map(_state, sick)))
    return _WANTING[plan.effect.kind](plan, before, now)


def await_effect(plan: Plan, before: Seen, within: float) -> tuple[Seen | None, str | None]:
    """The target once the effect is there and has lasted; else as it is then, with what lacks."""
    deadline = time.monotonic() + within
    steady: tuple[float, frozenset[str]] | None = None
    while True:
        now, lacks = _looked(plan, before)
        clock = time.monotonic()
        if lacks is not None or now is None:
            steady = None
        elif steady is None or steady[1] != now.keys:
            steady = clock, now.keys
        elif clock - steady[0] >= _STEADY:
            return now, None
        if clock > deadline and (steady is None or clock > deadline + 2 * _STEADY):
            return now, lacks or say("effect.unsteady")
        time.sleep(_TICK)


def told(plan: Plan, seen: Seen, zone: tzinfo | None = None) -> str:
    """The state in a few words, of what matters to the effect."""
    parts = []
    for role, own in seen.instances.items():
        states = listed(f"{_state(one)} {_moment(one.begun, zone)}" for one in own)
        parts.append(f"{plan.services[role]} ×{len(own)}: {states or say('page.none')}")
    if plan.effect.kind == "image":
        tags = sorted({f"{one.tag}" for one in seen.all})
        parts.append(say("effect.images", tags=listed(tags)))
    if plan.effect.kind == "provider":
        parts.append(say("effect.provider_is", provider=_providers(seen)))
    if plan.effect.kind in ("configuration", "restored") and seen.fact:
        parts.append(say(f"effect.{plan.effect.kind}_is", fact=seen.fact[:12]))
    return say("between.clause").join(parts)


def was(plan: Plan, before: Seen) -> str:
    """What the option that undoes the action must say; empty where it cannot be told."""
    if plan.effect.kind == "image":
        tags = {str(one.tag).rpartition(":")[2] for one in before.all if one.tag}
        return tags.pop() if len(tags) == 1 else ""
    if plan.effect.kind == "replicas":
        return str(len(before.all))
    return ""


def _looked(plan: Plan, before: Seen) -> tuple[Seen | None, str | None]:
    try:
        now = observe(plan)
    except CouldNotLook as reason:
        return None, str(reason)
    return now, wanting(plan, before, now)


def _restarted(plan: Plan, before: Seen, now: Seen) -> str | None:
    same = [one for one in now.all if one.key in before.keys]
    if same:
        return say("effect.same", names=listed(one.name for one in same))
    return None


def _running(plan: Plan, before: Seen, now: Seen) -> str | None:
    return None


def _image(plan: Plan, before: Seen, now: Seen) -> str | None:
    tag = plan.options["tag"]
    for one in now.all:
        wanted = f"{_repository(str(one.tag))}:{tag}"
        image = image_of(plan.target, wanted)
        if image is None:
            return say("effect.no_image", image=wanted)
        if one.image != image or one.tag != wanted:
            return say("effect.other_image", name=one.name, now=one.tag, wanted=wanted)
    return None


def _replicas(plan: Plan, before: Seen, now: Seen) -> str | None:
    wanted = int(plan.options["replicas"])
    if len(now.all) != wanted:
        return say("effect.count", now=len(now.all), wanted=wanted)
    return None


def _provider(plan: Plan, before: Seen, now: Seen) -> str | None:
    wanted = plan.effect.wanted or ""
    named = [one.provider or "" for one in now.all] + ([now.fact] if now.fact else [])
    if all((one != wanted[1:]) if wanted.startswith("!") else one == wanted for one in named):
        return None
    return say("effect.other_provider", now=_providers(now), wanted=wanted)


def _configuration(plan: Plan, before: Seen, now: Seen) -> str | None:
    if now.fact == before.fact:
        return say("effect.same_configuration")
    if now.generation == before.generation:
        return say("effect.not_loaded")
    return None


def _restored(plan: Plan, before: Seen, now: Seen) -> str | None:
    old = set((before.fact or "").split(",")) & set((now.fact or "").split(","))
    if now.fact in (None, "-"):
        return say("effect.no_tables")
    return say("effect.same_tables", count=len(old)) if old else None


_WANTING: dict[str, Callable[[Plan, Seen, Seen], str | None]] = {
    "restarted": _restarted,
    "running": _running,
    "image": _image,
    "replicas": _replicas,
    "provider": _provider,
    "configuration": _configuration,
    "restored": _restored,
}

_There = Mapping[ServiceRole, tuple[Instance, ...]]


def _named_provider(plan: Plan, there: _There) -> tuple[str | None, str | None]:
    """The provider that the API itself says it uses; None where it does not say."""
    (cost,) = collect(plan.target, ["ai-cost"], within=5.0)
    provider = cost.saw.get("provider")
    return (str(provider) if provider else None), None


def _served(plan: Plan, there: _There) -> tuple[str | None, str | None]:
    """The configuration of nginx, and the processes that serve it."""
    for one in there["nginx"]:
        with engine_of(plan.target, _LIMIT) as client:
            given = client.inspect_container(one.container)["Args"]
            more = ["-c", given[given.index("-c") + 1]] if "-c" in given[:-1] else []
            text = run_in(client, one.container, ["nginx", "-T", *more]).text
            running = client.top(one.container, "-eo pid,args")["Processes"]
        told = "\n".join(line for line in text.splitlines() if not line.startswith("nginx: "))
        workers = sorted(pid for pid, args in running if "nginx: worker" in args)
        return hashlib.sha256(told.encode()).hexdigest(), ",".join(workers)
    return None, None


def _tables(plan: Plan, there: _There) -> tuple[str | None, str | None]:
    """The numbers of the tables there are: a table that is restored has another."""
    database = plan.target.database
    words = ["psql", "-U", database.user, "-d", database.name, "-v", "ON_ERROR_STOP=1", "-Atqc"]
    for one in there["database"]:
        with engine_of(plan.target, _LIMIT) as client:
            ran = run_in(client, one.container, [*words, _TABLES])
        return (ran.text.strip() if ran.code == 0 else None), None
    return None, None


_FACTS: dict[str, Callable[[Plan, _There], tuple[str | None, str | None]]] = {
    "provider": _named_provider,
    "configuration": _served,
    "restored": _tables,
}


def _repository(image: str) -> str:
    name, _, tag = image.rpartition(":")
    return image if "/" in tag or not name else name


def _providers(seen: Seen) -> str:
    named = {one.provider or say("page.none") for one in seen.all}
    return listed(sorted(named | ({seen.fact} if seen.fact else set())))


def _state(one: Instance) -> str:
    word = one.health if one.running and one.health else "running" if one.running else "stopped"
    return f"{one.name} {say(f'effect.{word}')}"


def _moment(at: float, zone: tzinfo | None) -> str:
    return f"{datetime.fromtimestamp(at, zone):%H:%M:%S}" if at > 0 else ""
