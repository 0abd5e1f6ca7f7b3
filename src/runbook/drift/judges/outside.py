"""What no container can tell: the words of compose, the host's own services, names of hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from runbook.drift.commands import VERBS
from runbook.drift.found import Found, found
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim
from runbook.words import nearest


def verb(claim: Claim, _: Deployment, __: Target) -> Iterator[Found]:
    """Compose has such a word."""
    if claim.name not in VERBS:
        yield found("no_verb", hint=nearest(claim.name, VERBS))


def option(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The help of the verb knows the option."""
    told = seen.helps.get(claim.of)
    if told is None:
        return
    known = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", told))
    if claim.name not in known:
        yield found("no_option", hint=nearest(claim.name, known))


def role(claim: Claim, _: Deployment, target: Target) -> Iterator[Found]:
    """The target says what it calls the service that an action is for."""
    if getattr(target.services, claim.name, None) is None:
        yield found("no_role", target=target.id)


def unit(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The host's service manager keeps it; where compose does, its command is another."""
    names = {target.services.nginx} if claim.name == "nginx" else {claim.name}
    for service in sorted(name for name in names if name in seen.services):
        yield found("unit_in_container", service=service)


def host(claim: Claim, _: Deployment, target: Target) -> Iterator[Found]:
    """The name is the one users come in at."""
    if target.edge is None:
        return
    edge = urlsplit(target.edge.url).hostname or ""
    if claim.name != edge:
        yield found("other_host", edge=edge)
