"""Host names are asked of one name server, every time anew."""

from __future__ import annotations

import dns.exception
import dns.resolver


class Unresolved(OSError):
    """The name has no address, or nobody was there to ask."""


def address_of(host: str, server: str, port: int) -> str:
    """The IPv4 address of `host`."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [server]
    resolver.port = port
    resolver.lifetime = 1.0
    try:
        return str(resolver.resolve(host, "A", search=False)[0])
    except dns.resolver.NXDOMAIN as failure:
        raise Unresolved(
            f'could not translate host name "{host}" to address: Name or service not known'
        ) from failure
    except dns.exception.DNSException as failure:
        raise Unresolved(
            f'could not translate host name "{host}" to address:'
            f" Temporary failure in name resolution (server {server}:{port} did not answer)"
        ) from failure
