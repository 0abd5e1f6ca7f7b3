"""What commands that go somewhere name: ports, hosts, routes, accounts, units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from runbook.drift.commands.said import HERE, Said, known, options


def url(word: str) -> Iterator[Said]:
    """The port of this host, the host of another, and the route; `${api_url}` is the API's."""
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
    if (parts.hostname or "") in HERE:
        yield Said("port", str(port))
    else:
        yield Said("host", parts.hostname or "")
    if parts.path.strip("/"):
        here = (parts.hostname or "") in HERE
        yield Said("route", parts.path, f"localhost:{port}" if here else "")


def curl(words: Sequence[str]) -> Iterator[Said]:
    """What its URLs name."""
    for word in words:
        yield from url(word)


def ports(words: Sequence[str]) -> Iterator[Said]:
    """Ports as grep and lsof are given them."""
    for word in words:
        if match := re.fullmatch(r"(?:-i|-iTCP)?:(\d+)", word.strip("'\"$\\b ")):
            yield Said("port", match[1])


def hosts(words: Sequence[str]) -> Iterator[Said]:
    """Names of hosts."""
    for word in words:
        if re.fullmatch(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+", word) and not word[0].isdigit():
            yield Said("host", word)


def host_and_port(words: Sequence[str]) -> Iterator[Said]:
    """The port of this host that is knocked at."""
    bare = [word for word in words if not word.startswith("-")]
    if len(bare) == 2 and bare[0] in HERE and bare[1].isdigit():
        yield Said("port", bare[1])


def psql(words: Sequence[str]) -> Iterator[Said]:
    """The account and the database."""
    given, _ = options(words, frozenset({"-h", "-p", "-U", "-d", "-c", "-f", "-v"}))
    for option, value in given:
        if known(value) and option in ("-U", "--username"):
            yield Said("user", value)
        if known(value) and option in ("-d", "--dbname"):
            yield Said("database", value)


def systemctl(words: Sequence[str]) -> Iterator[Said]:
    """The units of the host."""
    bare = [word for word in words if not word.startswith("-")]
    for unit in bare[1:]:
        yield Said("unit", unit.removesuffix(".service"))


def nginx(_: Sequence[str]) -> Iterator[Said]:
    """That nginx is one of the host's own programs."""
    yield Said("unit", "nginx")
