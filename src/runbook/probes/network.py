"""The way to the database: its name and its port."""

from __future__ import annotations

import errno
import ipaddress
import socket
import time

import dns.exception
import dns.resolver

from runbook.model import Target
from runbook.probes.look import CouldNotLook, Saw
from runbook.words import say


class Unresolved(Exception):
    """The name has no address; the message is what the name server said."""


def addresses(target: Target, limit: float) -> list[str]:
    """The addresses of the database's host, asked of the target's own name server if it has one.

    Raises Unresolved.
    """
    host = target.database.host
    if _is_address(host):
        return [host]
    if target.resolver is None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Unresolved(str(error)) from error
        return sorted({str(entry[4][0]) for entry in found})
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [target.resolver.address]
    resolver.port = target.resolver.port
    resolver.lifetime = max(limit - 1, 0.5)
    try:
        return sorted(record.address for record in resolver.resolve(host, "A"))
    except (dns.exception.DNSException, OSError) as error:
        raise Unresolved(f"{type(error).__name__}: {error}") from error


def database_name(target: Target, limit: float) -> Saw:
    """`{host, addresses}`, or `{host, detail}` where the name does not resolve."""
    host = target.database.host
    try:
        return {"host": host, "addresses": list(addresses(target, limit))}
    except Unresolved as error:
        return {"host": host, "addresses": [], "detail": str(error)}


def database_port(target: Target, limit: float) -> Saw:
    """`{address, outcome}` of a TCP connection: open, refused, timeout or unreachable."""
    started = time.monotonic()
    address, port = one_address(target, limit), target.database.port
    saw: Saw = {"address": f"{address}:{port}", "limit": limit}
    try:
        remaining = max(0.1, limit - (time.monotonic() - started))
        with socket.create_connection((address, port), timeout=remaining):
            return {**saw, "outcome": "open"}
    except ConnectionRefusedError:
        return {**saw, "outcome": "refused"}
    except TimeoutError:
        return {**saw, "outcome": "timeout"}
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "")
        return {**saw, "outcome": "unreachable", "detail": f"{error.strerror} {name}".strip()}


def one_address(target: Target, limit: float) -> str:
    """The first address of the database's host; raises CouldNotLook where it has none."""
    try:
        return addresses(target, limit)[0]
    except (Unresolved, IndexError) as error:
        raise CouldNotLook(say("probe.no_address", host=target.database.host)) from error


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
