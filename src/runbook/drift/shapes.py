"""A service as the compose file has it and a container as the engine has it, made comparable."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from runbook.drift.settings import settings_of_container, settings_of_service
from runbook.model.deployment import Container, Published, Service, Shape

_LABEL = "com.docker.compose"
_UNITS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_PORT_PARTS = 3  # address, port of the host, port inside


def service_of(raw: Mapping[str, Any], project: str, networks: Mapping[str, Any]) -> Service:
    """The service as `docker-compose config` prints it; `networks` are those of the whole file."""
    deploy = raw.get("deploy") or {}
    wires = dict(_wires(raw.get("networks")))
    if not wires and not raw.get("network_mode"):
        wires = {"default": {}}
    health = raw.get("healthcheck") or {}
    shape = Shape(
        image=raw.get("image") or "",
        command=_words(raw.get("command")),
        entrypoint=_words(raw.get("entrypoint")),
        environment=dict(_environment(raw.get("environment"))),
        published=_in_order(_published(raw.get("ports") or ())),
        limit=_bytes(raw.get("mem_limit") or _limits(deploy).get("memory")),
        cpus=_number(raw.get("cpus") or _limits(deploy).get("cpus")),
        networks={
            _full_name(name, project, networks): tuple(wire.get("aliases") or ())
            for name, wire in wires.items()
        },
        mounts=tuple(sorted(_mounts(raw.get("volumes") or ()))),
        restart=_policy(str(raw.get("restart") or "no")),
        health=None if health.get("disable") else _test(health.get("test")),
        user=_text(raw.get("user")),
        stop_signal=_text(raw.get("stop_signal")),
        settings=settings_of_service(raw),
    )
    return Service(
        shape=shape,
        container_name=raw.get("container_name"),
        fixed_address=any("ipv4_address" in wire for wire in wires.values()),
        replicas=int(deploy.get("replicas") or raw.get("scale") or 1),
        optional=bool(raw.get("profiles")),
    )


def container_of(raw: Mapping[str, Any], images: Mapping[str, Mapping[str, Any]]) -> Container:
    """The container as the engine inspects it, without what its image brings along."""
    config, host, state = raw["Config"], raw["HostConfig"], raw["State"]
    labels = config.get("Labels") or {}
    made_of = (images.get(raw["Image"]) or {}).get("Config") or {}
    own_words = {key: config.get(key) for key in ("Cmd", "Entrypoint", "User", "StopSignal")}
    own = {key: None if said == made_of.get(key) else said for key, said in own_words.items()}
    test = (config.get("Healthcheck") or {}).get("Test")
    health = state.get("Health") or {}
    log = health.get("Log") or [{}]
    nets = raw["NetworkSettings"].get("Networks") or {}
    name = raw["Name"].removeprefix("/")
    given = set(made_of.get("Env") or ())
    env = [one for one in config.get("Env") or () if one not in given]
    shape = Shape(
        image=config["Image"],
        command=_words(own["Cmd"]),
        entrypoint=_words(own["Entrypoint"]),
        environment=dict(_environment(env)),
        published=_in_order(_bindings(host.get("PortBindings") or {})),
        limit=host.get("Memory") or None,
        cpus=_number((host.get("NanoCpus") or 0) / 1e9),
        networks={
            net: tuple(sorted({*(wire.get("Aliases") or ())} - {raw["Id"][:12]}))
            for net, wire in nets.items()
        },
        mounts=tuple(sorted(_bound(raw.get("Mounts") or ()))),
        restart=_live_policy(host.get("RestartPolicy") or {}),
        health=None if test == ["NONE"] else _words(test),
        user=own["User"] or None,
        stop_signal=own["StopSignal"],
        settings=settings_of_container(config, host),
    )
    image = images.get(config["Image"])
    return Container(
        service=labels.get(f"{_LABEL}.service", ""),
        number=int(labels.get(f"{_LABEL}.container-number") or 1),
        name=name,
        state=state["Status"],
        shape=shape,
        image_id=raw["Image"],
        image_now=image["Id"] if image else None,
        address=next((wire["IPAddress"] for wire in nets.values() if wire.get("IPAddress")), None),
        health="" if health.get("Status") in (None, "none") else health["Status"],
        said=str(log[-1].get("Output") or "").strip()[-300:],
    )


def _limits(deploy: Mapping[str, Any]) -> Mapping[str, Any]:
    return (deploy.get("resources") or {}).get("limits") or {}


def _wires(networks: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(networks, list):
        yield from ((name, {}) for name in networks)
    elif isinstance(networks, dict):
        yield from ((name, wire or {}) for name, wire in networks.items())


def _full_name(name: str, project: str, networks: Mapping[str, Any]) -> str:
    known = networks.get(name) or {}
    external = known.get("external")
    if isinstance(external, dict) and external.get("name"):
        return str(external["name"])
    return str(known.get("name") or (name if external else f"{project}_{name}"))


def _environment(said: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(said, dict):
        for name, value in said.items():
            yield name, None if value is None else _plain(value)
    for one in said if isinstance(said, list) else ():
        name, given, value = str(one).partition("=")
        yield name, value if given else None


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _published(ports: Any) -> Iterator[Published]:
    for one in ports:
        if isinstance(one, dict):
            if one.get("published"):
                yield from _range(
                    str(one.get("host_ip") or ""),
                    str(one["published"]),
                    str(one["target"]),
                    one.get("protocol") or "tcp",
                )
            continue
        place, _, protocol = str(one).partition("/")
        parts = place.rsplit(":", 2)
        if len(parts) > 1:
            address = parts[0].strip("[]") if len(parts) == _PORT_PARTS else ""
            yield from _range(address, parts[-2], parts[-1], protocol or "tcp")


def _range(address: str, outside: str, inside: str, protocol: str) -> Iterator[Published]:
    with suppress(ValueError):
        pairs = zip(_numbers(outside), _numbers(inside), strict=True)
        for port, within in pairs:
            yield Published(port=port, inside=within, address=_any(address), protocol=protocol)


def _in_order(ports: Iterator[Published]) -> tuple[Published, ...]:
    return tuple(sorted(ports, key=lambda one: (one.port, one.inside, one.address, one.protocol)))


def _numbers(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def _any(address: str) -> str:
    return "" if address in ("0.0.0.0", "::") else address  # noqa: S104 - as it is written


def _bindings(bindings: Mapping[str, Any]) -> Iterator[Published]:
    for inside, places in bindings.items():
        port, _, protocol = inside.partition("/")
        for place in places or ():
            if place.get("HostPort"):
                yield from _range(place.get("HostIp") or "", place["HostPort"], port, protocol)


def _mounts(volumes: Any) -> Iterator[str]:
    for one in volumes:
        if isinstance(one, dict):
            bound = one.get("type") == "bind"
            yield f"{one['source']}:{one['target']}" if bound else str(one["target"])
            continue
        parts = str(one).split(":")
        if len(parts) == 1:
            yield parts[0]
        else:
            yield f"{parts[0]}:{parts[1]}" if parts[0].startswith("/") else parts[1]


def _bound(mounts: Any) -> Iterator[str]:
    for one in mounts:
        bound = one["Type"] == "bind"
        yield f"{one['Source']}:{one['Destination']}" if bound else one["Destination"]


def _policy(said: str) -> str:
    return "no" if said in ("", "none") else said


def _live_policy(policy: Mapping[str, Any]) -> str:
    count = policy.get("MaximumRetryCount")
    name = _policy(policy.get("Name") or "")
    return f"{name}:{count}" if count else name


def _test(test: Any) -> tuple[str, ...] | None:
    if isinstance(test, str):
        return ("CMD-SHELL", test)
    return None if not test or test == ["NONE"] else tuple(map(str, test))


def _words(said: Any) -> tuple[str, ...] | None:
    if isinstance(said, str):
        return tuple(shlex.split(said))
    return None if said is None or said == [] else tuple(map(str, said))


def _text(said: Any) -> str | None:
    return None if said in (None, "") else str(said)


def _number(said: Any) -> float | None:
    with suppress(TypeError, ValueError):
        return float(said) or None
    return None


def _bytes(said: Any) -> int | None:
    text = str(said or "").strip().lower().removesuffix("b")
    unit = text[-1:] if text[-1:] in _UNITS else ""
    with suppress(ValueError):
        return int(float(text.removesuffix(unit)) * _UNITS.get(unit, 1)) or None
    return None
