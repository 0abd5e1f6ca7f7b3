"""The folder of the deployment: its files, and its scripts with their flags and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from runbook.drift import scripts
from runbook.drift.found import Found, found
from runbook.model import Target
from runbook.model.deployment import Deployment, Script
from runbook.model.drift import Claim
from runbook.words import listed, nearest

_NO_ROUTE = (404, 410)
_COMMENT = re.compile(r"(?m)^\s*#.*$")
# A name without a dot is one of the network of the containers.
_UPSTREAM = re.compile(r"https?://(?!localhost\b|unix\b)([a-z][a-z0-9_-]*)(?=[:/;\s])")


def file(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The file is there: where it is named in full, or anywhere in the folder."""
    if claim.name.startswith("/"):
        if seen.there.get(claim.name) is False:
            yield found("no_file")
        return
    wanted = PurePosixPath(claim.name.removeprefix("./")).parts
    if not any(PurePosixPath(one).parts[-len(wanted) :] == wanted for one in seen.files):
        yield found("no_file")
    for name, text in seen.configurations.items():
        if PurePosixPath(name).parts[-len(wanted) :] == wanted and seen.services:
            for service in sorted({*_UPSTREAM.findall(_COMMENT.sub("", text))} - {*seen.services}):
                yield found("no_upstream", service=service, known=listed(seen.services))


def script(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The script is there and can run, asks what there is, and does not fail in silence."""
    one = seen.scripts.get(claim.name)
    if one is None:
        known = [name for name in seen.files if name.startswith("scripts/")]
        yield found("no_script", known=listed(known), hint=nearest(claim.name, known))
        return
    if not one.executable:
        yield found("not_executable")
    if one.broken:
        yield found("script_broken", detail=one.broken)
    if scripts.cancels_quietly(one.text):
        yield found("cancels_quietly")
    yield from _outdated(one, seen, target)


def flag(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The script knows the flag."""
    one = seen.scripts.get(claim.of)
    if one is not None and not scripts.knows(one.text, claim.name, claim.beside):
        flags = [word for word in scripts.words_of(one.text) if word.startswith("-")]
        yield found(
            "no_flag",
            known=listed(sorted(flags)),
            hint=nearest(claim.name, {*flags} - {claim.name}),
        )


def choice(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The script knows the word that stands behind its flag."""
    script, flag = claim.of.split(" ", 1)
    one = seen.scripts.get(script)
    if one is not None and not scripts.knows(one.text, claim.name, claim.beside):
        hint = nearest(claim.name, scripts.words_of(one.text) - {claim.name})
        yield found("no_choice", script=script, flag=flag, hint=hint)


def subcommand(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The script knows what is to be done by that word."""
    one = seen.scripts.get(claim.of)
    if one is not None and not scripts.knows(one.text, claim.name, claim.beside):
        hint = nearest(claim.name, scripts.words_of(one.text) - {claim.name})
        yield found("no_subcommand", hint=hint)


def _outdated(one: Script, seen: Deployment, target: Target) -> Iterator[Found]:
    """What the script itself takes for granted, and is not so."""
    published = {str(port.port) for box in seen.containers for port in box.shape.published}
    if seen.containers:
        for port in scripts.ports_in(one.text):
            if port not in published:
                yield found("script_port", port=port)
    for route in scripts.routes_in(one.text):
        answer = seen.routes.get(route)
        if answer is not None and answer.status in _NO_ROUTE:
            yield found("script_route", route=route, status=answer.status)
    if seen.services:
        for said in scripts.named_in(one.text):
            if said.kind == "service" and said.name not in seen.services:
                yield found("script_service", service=said.name, known=listed(seen.services))
    yield from _misread(one, seen, target)


def _misread(one: Script, seen: Deployment, target: Target) -> Iterator[Found]:
    """What the script expects to read in readiness, and readiness does not say."""
    readiness = [
        (body, checks)
        for path, answer in seen.routes.items()
        if path.startswith("/")
        and isinstance(body := answer.body, dict)
        and isinstance(checks := body.get("checks"), dict)
    ]
    asked = [route for route in scripts.routes_in(one.text) if "ready" in route]
    if not readiness or not asked:
        return
    body, checks = readiness[0]
    wanted = scripts.readiness_in(one.text)
    for name in sorted(wanted.names - {*checks}):
        yield found("script_check", check=name, known=listed(sorted(checks)))
    told = str(body.get("status"))
    if wanted.words and "healthy" not in wanted.words and told in ("healthy", "unhealthy"):
        words = listed(sorted(wanted.words))
        yield found("script_word", words=words, told="healthy")
