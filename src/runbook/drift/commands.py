"""What a command takes for granted: the services, ports, routes, scripts and flags it names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from runbook.model.drift import ClaimKind

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
_HERE = frozenset({"localhost", "127.0.0.1", "[::1]", "0.0.0.0"})  # noqa: S104 - an address people type
_SCRIPT = re.compile(r"(?:\./)?scripts/[\w.-]+")
_VARIABLE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
_OPERATORS = re.compile(r"[|&;<>()]+")
PLAIN = re.compile(r"[a-z][a-z0-9-]*")


class Said(NamedTuple):
    """One thing a command names."""

    kind: ClaimKind
    name: str
    of: str = ""


class Started(NamedTuple):
    """Services that a command starts, and with which verb: what was exported before meets them."""

    verb: str
    services: tuple[str, ...]


def commands_in(line: str) -> Iterator[tuple[str, ...]]:
    """The commands of a line of shell, word by word; none of a comment or of no shell at all."""
    if line.lstrip().startswith("#"):
        return
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError:
        return
    command: list[str] = []
    for word in [*words, ";"]:
        if not _OPERATORS.fullmatch(word):
            command.append(word.removeprefix("$ "))
        elif command:
            yield tuple(command)
            command = []


def is_command(words: Sequence[str]) -> bool:
    """Whether these are the words of a command that says something of a deployment."""
    return bool(words) and (words[0] in _SPEAKERS or _is_script(words[0]))


def said_by(words: Sequence[str]) -> Iterator[Said | Started]:
    """Everything the command names, in its order."""
    if not words:
        return
    program, *rest = words
    if _is_script(program):
        yield from _script(program, rest)
    elif program in _SPEAKERS:
        yield from _SPEAKERS[program](rest)
    elif _VARIABLE.fullmatch(program):
        yield from _env(words)


def _is_script(word: str) -> bool:
    return bool(_SCRIPT.fullmatch(word)) and word.endswith(".sh")


def _script(program: str, words: Sequence[str]) -> Iterator[Said]:
    script = "./" + program.removeprefix("./")
    yield Said("script", script)
    position = 0
    while position < len(words):
        word, position = words[position], position + 1
        if word.startswith("-") and len(word) > 1:
            flag, given, value = word.partition("=")
            yield Said("flag", flag, script)
            following = words[position : position + 1]
            if not given and following and not following[0].startswith("-"):
                value, position = following[0], position + 1
            if flag == "--tag" and _known(value):
                yield Said("image", value)
            if PLAIN.fullmatch(value):
                yield Said("choice", value, f"{script} {flag}")
            yield from _url(value)
        elif position == 1 and PLAIN.fullmatch(word):
            yield Said("subcommand", word, script)
    if "--type" in words and "full" in words and "--tag" not in words:
        yield Said("image", "stable")


def _compose(words: Sequence[str]) -> Iterator[Said | Started]:
    options, rest = _options(words, _OF_COMPOSE)
    for option, value in options:
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
    options, services = _options(own, _OF_VERBS)
    for option, value in options:
        yield Said("option", option, verb)
        if option == "--scale":
            yield from _scaled(value)
    if verb == "scale":
        for word in services:
            yield from _scaled(word)
    named = () if verb in _NO_SERVICE else tuple(one for one in services if _known(one))
    for service in named:
        yield Said("service", service)
    if verb == "exec" and named and len(rest) > len(own):
        yield Said("program", rest[len(own)], named[0])
        yield from said_by(rest[len(own) :] if rest[len(own)] == "psql" else ())
    if verb in STARTING:
        yield Started(verb, named)


def _scaled(word: str) -> Iterator[Said]:
    service, _, number = word.partition("=")
    if _known(service):
        yield Said("service", service)
        yield Said("scale", service, number if _known(number) else "")


def _first(words: Sequence[str]) -> int:
    """Where the first word stands that is no option and no option's value."""
    position = 0
    while position < len(words) and words[position].startswith("-"):
        position += 2 if words[position] in _OF_VERBS else 1
    return position


def _options(
    words: Sequence[str], with_value: frozenset[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """The options with their values; before a verb only those that stand before it."""
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    position = 0
    before_a_verb = with_value is _OF_COMPOSE
    while position < len(words):
        word, position = words[position], position + 1
        if not word.startswith("-"):
            rest.append(word)
            if before_a_verb:
                return found, [*rest, *words[position:]]
            continue
        option, given, value = word.partition("=")
        if option in with_value and not given and position < len(words):
            value, position = words[position], position + 1
        found.append((option, value))
    return found, rest


def _docker(words: Sequence[str]) -> Iterator[Said | Started]:
    if words[:1] == ["compose"]:
        yield from _compose(words[1:])
        return
    kind, rest = "", list(words)
    if rest and rest[0] in ("container", "image"):
        kind, *rest = rest
    if not rest:
        return
    verb, *rest = rest
    _, named = _options(rest, _OF_VERBS)
    named = [one for one in named if _known(one)]
    if kind == "image" or verb in _IMAGE_VERBS:
        for reference in named[:1]:
            yield Said("image", reference, "docker")
    elif verb in _DOCKER_VERBS:
        for container in named[:1] if verb in ("exec", "port") else named:
            yield Said("container", container)


def _env(words: Sequence[str]) -> Iterator[Said | Started]:
    """`env -u NAME NAME=value command`, or only the assignments before a command."""
    names: list[tuple[str, str]] = []
    position = 0
    while position < len(words):
        word = words[position]
        if word in ("-u", "--unset"):
            names.append((words[position + 1] if position + 1 < len(words) else "", ""))
            position += 2
        elif match := _VARIABLE.fullmatch(word):
            names.append((match[1], match[2]))
            position += 1
        else:
            break
    for name, value in names:
        yield Said("variable", name, value)
    for one in said_by(words[position:]):
        yield one
        if isinstance(one, Started):
            for name, _ in names:
                for service in one.services:
                    yield Said("variable", name, f"{one.verb} {service}")


def _export(words: Sequence[str]) -> Iterator[Said]:
    for word in words:
        name, _, value = word.partition("=")
        if re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            yield Said("variable", name, value)


def _curl(words: Sequence[str]) -> Iterator[Said]:
    for word in words:
        yield from _url(word)


def _url(word: str) -> Iterator[Said]:
    if match := re.fullmatch(r"\$\{(api_url|edge_url)\}(/[^?#]*)?.*", word):
        if match[2]:
            yield Said("route", match[2])
        return
    if not word.startswith(("http://", "https://")) or "$" in word:
        return
    try:
        parts = urlsplit(word)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return
    if (parts.hostname or "") in _HERE:
        yield Said("port", str(port))
    else:
        yield Said("host", parts.hostname or "")
    if parts.path.strip("/"):
        here = (parts.hostname or "") in _HERE
        yield Said("route", parts.path, f"localhost:{port}" if here else "")


def _ports(words: Sequence[str]) -> Iterator[Said]:
    for word in words:
        if match := re.fullmatch(r"(?:-i|-iTCP)?:(\d+)", word.strip("'\"$\\b ")):
            yield Said("port", match[1])


def _hosts(words: Sequence[str]) -> Iterator[Said]:
    for word in words:
        if re.fullmatch(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+", word) and not word[0].isdigit():
            yield Said("host", word)


def _host_and_port(words: Sequence[str]) -> Iterator[Said]:
    bare = [word for word in words if not word.startswith("-")]
    if len(bare) == 2 and bare[0] in _HERE and bare[1].isdigit():
        yield Said("port", bare[1])


def _psql(words: Sequence[str]) -> Iterator[Said]:
    options, _ = _options(words, frozenset({"-h", "-p", "-U", "-d", "-c", "-f", "-v"}))
    for option, value in options:
        if _known(value) and option in ("-U", "--username"):
            yield Said("user", value)
        if _known(value) and option in ("-d", "--dbname"):
            yield Said("database", value)


def _systemctl(words: Sequence[str]) -> Iterator[Said]:
    bare = [word for word in words if not word.startswith("-")]
    for unit in bare[1:]:
        yield Said("unit", unit.removesuffix(".service"))


def _nginx(_: Sequence[str]) -> Iterator[Said]:
    yield Said("unit", "nginx")


def _nested(words: Sequence[str]) -> Iterator[Said | Started]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[1:]
    yield from said_by(rest)


def _known(word: str) -> bool:
    """Whether the word is a name, and not to be filled in."""
    return bool(word) and "$" not in word and "{" not in word


_SPEAKERS: dict[str, Callable[[Sequence[str]], Iterator[Said | Started]]] = {
    "bash": _nested,
    "curl": _curl,
    "dig": _hosts,
    "docker": _docker,
    "docker-compose": _compose,
    "env": _env,
    "export": _export,
    "grep": _ports,
    "host": _hosts,
    "lsof": _ports,
    "nc": _host_and_port,
    "nginx": _nginx,
    "nslookup": _hosts,
    "ping": _hosts,
    "printenv": _export,
    "psql": _psql,
    "sh": _nested,
    "ss": _ports,
    "sudo": _nested,
    "systemctl": _systemctl,
    "telnet": _host_and_port,
    "unset": _export,
    "wget": _curl,
}
