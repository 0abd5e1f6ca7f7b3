"""Where nginx hands requests on to, as its own configuration says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import host_and_port
from runbook.probes.compose import replica
from runbook.probes.compose.engine import engine_of, run_in
from runbook.probes.compose.located import Located
from runbook.probes.look import CouldNotLook, Saw
from runbook.words import say

_WORD = re.compile(r"#[^\n]*|\"([^\"]*)\"|'([^']*)'|([{};])|([^\s{};\"']+)")

Block = list[tuple[list[str], "Block | None"]]


def upstreams(target: Target, limit: float) -> Saw:
    """`{servers: [{listen, places}], right}` of nginx's configuration, `host:port` each.

    `right` are the places at which the API is: its name, and its containers' addresses.

    Empty where the target runs in no containers, or no nginx among them.
    """
    if not isinstance(target, Located) or target.services.nginx is None:
        return {"servers": []}
    own = [one for one in target.of(target.services.nginx) if replica.state_of(one) == "RUNNING"]
    if not own:
        raise CouldNotLook(say("probe.nobody_inside", service=target.services.nginx))
    with engine_of(target, limit) as client:
        ran = run_in(client, own[0]["Id"], ["nginx", "-T", *_file_of(own[0])])
    if "{" not in ran.text:
        detail = ran.text.strip()[:300]
        raise CouldNotLook(say("probe.no_nginx_config", detail=detail))
    host, port = host_and_port(target.api.url)
    names = [host, target.services.api]
    for one in target.of(target.services.api):
        names += [*sorted(replica.names_of(one)), *replica.addresses_of(one)]
    right: list[JsonValue] = [f"{name}:{port}" for name in dict.fromkeys(names)]
    return {"servers": list(_servers(read(ran.text))), "right": right}


def _file_of(container: dict[str, Any]) -> list[str]:
    """The words that make nginx read the file it was started with, where that is not its own."""
    words = [container["Path"], *container["Args"]]
    return ["-c", words[words.index("-c") + 1]] if "-c" in words[:-1] else []


def read(text: str) -> Block:
    """The directives of a configuration, each with its block where it has one."""
    words = ((m[1] or m[2] or m[4] or "", m[3] or "") for m in _WORD.finditer(text))
    return _block(iter([(word, mark) for word, mark in words if word or mark]))


def _block(words: Iterator[tuple[str, str]]) -> Block:
    found: Block = []
    current: list[str] = []
    for word, mark in words:
        if mark == "}":
            break
        if mark == ";":
            found.append((current, None))
        elif mark == "{":
            found.append((current, _block(words)))
        else:
            current.append(word)
            continue
        current = []
    return found


def _servers(block: Block) -> Iterable[dict[str, JsonValue]]:
    every = list(_within(block))
    groups = {
        words[1]: [one[1] for one, _ in inner or () if one[:1] == ["server"] and len(one) > 1]
        for words, inner in every
        if words[:1] == ["upstream"] and len(words) > 1
    }
    for words, inner in every:
        if words != ["server"] or inner is None:
            continue
        own = [one for one, _ in _within(inner) if one]
        variables = {one[1]: one[2] for one in own if one[0] == "set" and len(one) > 2}
        places = [
            place
            for one in own
            if one[0] == "proxy_pass" and len(one) > 1
            for place in _places(_filled(one[1], variables), groups)
        ]
        if places:
            listen: list[JsonValue] = [one[1] for one in own if one[0] == "listen" and len(one) > 1]
            yield {"listen": listen, "places": list(dict.fromkeys(places))}


def _within(block: Block) -> Iterator[tuple[list[str], Block | None]]:
    for words, inner in block:
        yield words, inner
        yield from _within(inner or [])


def _filled(text: str, variables: dict[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda m: variables.get(f"${m[1]}", m[0]), text)


def _places(url: str, groups: dict[str, list[str]]) -> Iterable[str]:
    parts = urlsplit(url)
    host = parts.hostname or url
    if host in groups:
        for server in groups[host]:
            yield server if ":" in server else f"{server}:80"
    else:
        yield f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
