"""What is named in sentences and on pages: commands between the words, scripts, ports, routes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.drift.commands import Said, Started, commands_in, is_command, said_by

_COMPOSE = r"docker[- ]compose +(?:-[\w-]+ +)*[a-z]+(?: +[\w.=${}/-]+)*"
_SCRIPT = r"(?<![\w/])(?:\./)?scripts/[\w.-]+\.sh(?: +--?[a-z][\w-]*(?:[ =][\w.:/-]+)?)*"
_URL = r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?[\w./%-]*|\$\{api_url\}/[\w./-]*"
_PORT = r"\u7aef\u53e3 ?(?P<port>\d{2,5})(?!\d)"
_VARIABLE = r"(?<![\w$])(?P<variable>[A-Z][A-Z0-9_]{2,})=(?P<value>[\w.-]+)"
_FILE = r"(?<![\w./-])(?:docker-compose[\w.-]*\.ya?ml|nginx[\w-]*\.conf)(?![\w/])"
_NAMED = re.compile("|".join((_COMPOSE, _SCRIPT, _URL, _PORT, _VARIABLE, _FILE)), re.ASCII)
_LISTED = re.compile(r"[\w./-]+\.(?:ya?ml|conf|sh|env)(?!\w)", re.ASCII)

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_SPAN = re.compile(r"`([^`\n]+)`|command\(\"([^\"]+)\"\)")
_ROUTE = re.compile(r"/[a-z][\w-]*(?:/[\w-]+)*")
_PROMPT = re.compile(r"^\s*[$#] ")

_BY = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_METRIC = re.compile(r"(?<![\w:\"])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(?![\w:]|\s*\()")
_LABEL = re.compile(r"(\w+)\s*(=~|!~|!=|=)\s*\"([^\"]*)\"")
EXPORTERS = ("node_", "probe_", "process_", "container_", "pg_", "nginx_", "prometheus_")
"""What metrics begin with that others than the API tell."""


def said_in_prose(text: str, *, listed: bool = False) -> Iterator[Said | Started]:
    """What a sentence names; one of a list of files names every one of them."""
    for match in _NAMED.finditer(text):
        found = match[0]
        if match["port"]:
            yield Said("port", match["port"])
        elif match["variable"]:
            yield Said("variable", match["variable"], match["value"])
        elif found.startswith(("http", "${")):
            yield from said_by(("curl", found.rstrip("./")))
        elif found.startswith(("docker-compose ", "docker compose ", "./scripts", "scripts")):
            for command in commands_in(found):
                yield from said_by(command)
        else:
            yield Said("file", found)
    if listed:
        for match in _LISTED.finditer(text):
            if not match[0].startswith(("scripts/", "./scripts/")):
                yield Said("file", match[0])


def said_in_page(text: str) -> Iterator[tuple[int, int, Said | Started]]:
    """What the code of a page of Markdown names, with line and column."""
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            continue
        if fence:
            column = len(line) - len(line.lstrip()) + 1
            yield from ((number, column, one) for one in _said_in_code(_PROMPT.sub("", line)))
            continue
        for span in _SPAN.finditer(line):
            code = span[1] or span[2]
            found = list(_said_in_code(code))
            if _ROUTE.fullmatch(code):
                found.append(Said("route", code))
            yield from ((number, span.start() + 1, one) for one in found)
        for one in said_in_prose(_SPAN.sub("", line)):
            yield number, 1, one


def _said_in_code(code: str) -> Iterator[Said | Started]:
    commands = list(commands_in(code))
    if any(is_command(command) or "=" in command[0] for command in commands):
        for command in commands:
            yield from said_by(command)
    else:
        yield from said_in_prose(code)


def metrics_in(promql: str) -> Iterator[Said]:
    """The metrics of an expression, each with every label it asks for."""
    for name, labels in _METRIC.findall(_BY.sub("", promql)):
        if "_" not in name:
            continue
        asked = _LABEL.findall(labels)
        yield Said("metric", name)
        for label, how, value in asked:
            yield Said("metric", name, f"{label}={value}" if how == "=" else label)
