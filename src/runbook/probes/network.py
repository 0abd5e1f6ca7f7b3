"""Names and ports: does a host resolve, does anybody listen there, and do we get there."""

from __future__ import annotations

import errno
import ipaddress
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import dns.exception
import dns.resolver

from runbook.model import Target
from runbook.model.target import Resolver, host_and_port
from runbook.probes.compose import inside, replica
from runbook.probes.compose.located import Located, NotPublished
from runbook.probes.look import CouldNotLook, Saw
from runbook.probes.shared import Shared
from runbook.words import say

_ASK_AGAIN = 2.5  # seconds; a question that was lost must be asked again before patience ends
_LASTS = 1.0  # seconds an answer is good for: less than any name server lets it be kept
_LATELY: dict[tuple[Resolver | None, str], tuple[float, tuple[str, ...]]] = {}
_NAMED: Shared[list[str]] = Shared()


class Unresolved(Exception):
    """The name has no address; the message is what the name server said."""


def addresses(target: Target, host: str, limit: float) -> list[str]:
    """The addresses of the host, asked of the target's own name server if it has one.

    Raises Unresolved.
    """
    if _is_address(host):
        return [host]
    found = tuple(_asked_of(target.resolver, host, limit))
    _LATELY[target.resolver, host] = time.monotonic(), found
    return list(found)


def _lately(target: Target, host: str, limit: float) -> list[str]:
    at, found = _LATELY.get((target.resolver, host), (0.0, ()))
    fresh = found and time.monotonic() - at < _LASTS
    return list(found) if fresh else _named(target, host, limit)


def _named(target: Target, host: str, limit: float) -> list[str]:
    """As `addresses`; of many targets it is asked once for all of them."""
    return _NAMED.get((target.resolver, host, limit), lambda: addresses(target, host, limit))


def _asked_of(server: Resolver | None, host: str, limit: float) -> list[str]:
    if server is None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Unresolved(str(error)) from error
        return sorted({str(entry[4][0]) for entry in found})
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [server.address]
    resolver.port = server.port
    resolver.lifetime, resolver.timeout = max(limit - 1, 0.5), _ASK_AGAIN
    # Both at once, as every stub resolver does: one after the other would look twice as slow.
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(_asked, resolver, host, "AAAA")
        answers = [_asked(resolver, host, "A"), other.result()]
    known = {address for answer in answers if isinstance(answer, list) for address in answer}
    if not known and isinstance(answers[0], Unresolved):
        raise answers[0]
    return sorted(known)


def _asked(resolver: dns.resolver.Resolver, host: str, kind: str) -> list[str] | Unresolved:
    try:
        return [str(one) for one in resolver.resolve(host, kind, search=False)]
    except dns.resolver.NoAnswer:
        return []
    except (dns.exception.DNSException, OSError) as error:
        return Unresolved(f"{type(error).__name__}: {error}")


def database_name(target: Target, limit: float) -> Saw:
    """`{host, addresses}`, or `{host, detail}` where the name does not resolve."""
    return named(target, target.database.host, limit)


def named(target: Target, host: str, limit: float) -> Saw:
    """`{host, addresses}`, or `{host, detail}` where the name does not resolve.

    In a compose project it is the API's container that must resolve it, and that is asked.
    """
    if isinstance(target, Located):
        return inside.name(target, host, limit)
    try:
        return {"host": host, "addresses": list(_named(target, host, limit))}
    except Unresolved as error:
        return {"host": host, "addresses": [], "detail": str(error)}


def database_port(target: Target, limit: float) -> Saw:
    """`{address, outcome}` of a TCP connection to the database."""
    return reached(target, target.database.host, target.database.port, limit)


def api_port(target: Target, limit: float) -> Saw:
    """`{address, outcome}` of a TCP connection to the API itself, past the edge."""
    return reached(target, *host_and_port(target.api.url), limit)


def reached(target: Target, host: str, port: int, limit: float) -> Saw:
    """`{address, outcome}` of a TCP connection: open, refused, timeout, unreachable or absent.

    Of several addresses it is the first that is open, or the first of all, as a client would do.
    Absent is a service of a compose project that no container runs.
    """
    deadline = time.monotonic() + limit
    tried: list[Saw] = []
    try:
        found = some_places(target, host, port, limit)
    except NobodyThere as nobody:
        how: Saw = {"outcome": "unreachable" if nobody.runs else "absent", "detail": str(nobody)}
        return {"address": f"{host}:{port}", "limit": round(limit, 1), **how}
    except NotPublished:
        return inside.knocked(target, host, port, limit)
    for number, (address, at_port) in enumerate(found):
        share = max(0.1, deadline - time.monotonic()) / (len(found) - number)
        tried.append(_knock(address, at_port, share))
        if tried[-1]["outcome"] == "open":
            return tried[-1]
    return tried[0]


def _knock(address: str, port: int, limit: float) -> Saw:
    saw: Saw = {"address": f"{address}:{port}", "limit": round(limit, 1)}
    try:
        with socket.create_connection((address, port), timeout=limit):
            return {**saw, "outcome": "open"}
    except ConnectionRefusedError:
        return {**saw, "outcome": "refused"}
    except TimeoutError:
        return {**saw, "outcome": "timeout"}
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "")
        return {**saw, "outcome": "unreachable", "detail": f"{error.strerror} {name}".strip()}


class NobodyThere(CouldNotLook):
    """A service that cannot be reached anywhere; `runs` is whether it has a container that runs."""

    def __init__(self, message: str, runs: bool) -> None:
        super().__init__(message)
        self.runs = runs


def some_places(target: Target, host: str, port: int, limit: float) -> list[tuple[str, int]]:
    """Where the port of the host can be reached; raises CouldNotLook where it has no address.

    A service of a compose project is where its containers are; where they are nowhere, it raises
    NobodyThere.
    """
    if not (isinstance(target, Located) and target.is_service(host)):
        return [(address, port) for address in some_addresses(target, host, limit)]
    if found := target.places(host, port):
        return found
    runs = any(map(replica.runs, target.of(host)))
    word = "probe.no_network" if runs else "probe.no_container"
    raise NobodyThere(say(word, service=host), runs)


def some_addresses(target: Target, host: str, limit: float, *, anew: bool = False) -> list[str]:
    """The addresses of the host; raises CouldNotLook where it has none.

    An answer of this second will do, but for who asks `anew`.
    """
    try:
        found = addresses(target, host, limit) if anew else _lately(target, host, limit)
    except Unresolved as error:
        raise CouldNotLook(say("probe.no_address", host=host)) from error
    if not found:
        raise CouldNotLook(say("probe.no_address", host=host))
    return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
