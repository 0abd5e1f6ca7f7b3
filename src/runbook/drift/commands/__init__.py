"""What a command takes for granted: the services, ports, routes, scripts and flags it names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from runbook.drift.commands import places
from runbook.drift.commands.compose import VERBS, compose, docker
from runbook.drift.commands.said import PLAIN, Said, Started, known

__all__ = ["PLAIN", "VERBS", "Said", "Started", "commands_in", "is_command", "said_by"]

_SCRIPT = re.compile(r"(?:\./)?scripts/[\w.-]+")
_VARIABLE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
_OPERATORS = re.compile(r"[|&;<>()]+")
_RELEASES = "full"  # the rollback that goes to another tag; others have backups and files


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
    kind = dict(pairwise(words)).get("--type", "")
    position = 0
    while position < len(words):
        word, position = words[position], position + 1
        if word.startswith("-") and len(word) > 1:
            flag, given, value = word.partition("=")
            yield Said("flag", flag, script)
            following = words[position : position + 1]
            if not given and following and not following[0].startswith("-"):
                value, position = following[0], position + 1
            if flag == "--tag" and known(value) and kind in ("", _RELEASES):
                yield Said("image", value)
            if PLAIN.fullmatch(value):
                yield Said("choice", value, f"{script} {flag}")
            yield from places.url(value)
        elif position == 1 and PLAIN.fullmatch(word):
            yield Said("subcommand", word, script)
    if kind == _RELEASES and "--tag" not in words:
        yield Said("image", "stable")


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


def _nested(words: Sequence[str]) -> Iterator[Said | Started]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[1:]
    yield from said_by(rest)


_SPEAKERS: dict[str, Callable[[Sequence[str]], Iterator[Said | Started]]] = {
    "bash": _nested,
    "curl": places.curl,
    "dig": places.hosts,
    "docker": docker,
    "docker-compose": compose,
    "env": _env,
    "export": _export,
    "grep": places.ports,
    "host": places.hosts,
    "lsof": places.ports,
    "nc": places.host_and_port,
    "nginx": places.nginx,
    "nslookup": places.hosts,
    "ping": places.hosts,
    "printenv": _export,
    "psql": places.psql,
    "sh": _nested,
    "ss": places.ports,
    "sudo": _nested,
    "systemctl": places.systemctl,
    "telnet": places.host_and_port,
    "unset": _export,
    "wget": places.curl,
}
