"""What the words behind docker-compose and docker name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runbook.drift.commands.places import psql
from runbook.drift.commands.said import Said, Started, known, options

_VERBS = """attach build config cp create down events exec export help images kill logs ls pause
port ps pull push restart rm run scale start stats stop top unpause up version wait watch"""
VERBS = frozenset(_VERBS.split())
STARTING = frozenset({"create", "restart", "run", "scale", "start", "up"})
_ONE_SERVICE = frozenset({"exec", "port", "run"})
_NO_SERVICE = frozenset({"cp", "help", "ls", "scale", "version"})
_COMPOSE_VALUES = """-f --file -p --project-name --env-file --profile --project-directory -H --host
-c --context --ansi --log-level --progress --parallel"""
_OF_COMPOSE = frozenset(_COMPOSE_VALUES.split())
_VERB_VALUES = """--scale -t --timeout --tail -n --since --until -u --user -w --workdir -e --env
--index --format --filter --status --pull -s --signal --name -v --volume -p --publish"""
_OF_VERBS = frozenset(_VERB_VALUES.split())
_CONTAINER_VERBS = """attach exec inspect kill logs pause port restart rm start stats stop top
unpause update"""
_DOCKER_VERBS = frozenset(_CONTAINER_VERBS.split())
_IMAGE_VERBS = frozenset({"history", "pull", "rmi", "run", "save"})


def compose(words: Sequence[str]) -> Iterator[Said | Started]:
    """What is named behind docker-compose."""
    given, rest = options(words, _OF_COMPOSE, first_only=True)
    for option, value in given:
        if option in ("-f", "--file"):
            yield Said("file", value)
    yield Said("compose", "docker-compose")
    if not rest:
        return
    verb, *rest = rest
    yield Said("verb", verb)
    own = rest
    if verb in _ONE_SERVICE:  # what comes behind the service is another program's
        at = _first(rest)
        own = rest[: at + 1]
    given, services = options(own, _OF_VERBS)
    for option, value in given:
        yield Said("option", option, verb)
        if option == "--scale":
            yield from _scaled(value)
    if verb == "scale":
        for word in services:
            yield from _scaled(word)
    named = () if verb in _NO_SERVICE else tuple(one for one in services if known(one))
    for service in named:
        yield Said("service", service)
    if verb == "exec" and named and len(rest) > len(own):
        yield Said("program", rest[len(own)], named[0])
        yield from psql(rest[len(own) + 1 :] if rest[len(own)] == "psql" else ())
    if verb in STARTING:
        yield Started(verb, named)


def _scaled(word: str) -> Iterator[Said]:
    service, _, number = word.partition("=")
    if known(service):
        yield Said("service", service)
        yield Said("scale", service, number if known(number) else "")


def _first(words: Sequence[str]) -> int:
    """Where the first word stands that is no option and no option's value."""
    position = 0
    while position < len(words) and words[position].startswith("-"):
        position += 2 if words[position] in _OF_VERBS else 1
    return position


def docker(words: Sequence[str]) -> Iterator[Said | Started]:
    """What is named behind docker: containers, images, or the words of its compose."""
    if words[:1] == ["compose"]:
        yield from compose(words[1:])
        return
    kind, rest = "", list(words)
    if rest and rest[0] in ("container", "image"):
        kind, *rest = rest
    if not rest:
        return
    verb, *rest = rest
    _, named = options(rest, _OF_VERBS)
    named = [one for one in named if known(one)]
    if kind == "image" or verb in _IMAGE_VERBS:
        for reference in named[:1]:
            yield Said("image", reference, "docker")
    elif verb in _DOCKER_VERBS:
        for container in named[:1] if verb in ("exec", "port") else named:
            yield Said("container", container)
