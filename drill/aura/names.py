"""Host names are asked of one name server, every time anew."""

from __future__ import annotations

import dns.exception
import dns.resolver
import httpx


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


class ByName(httpx.BaseTransport):
    """Requests to wherever the name server says the host is at that moment."""

    def __init__(self, server: str, port: int) -> None:
        self._inner = httpx.HTTPTransport()
        self._server, self._port = server, port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the host's present address; ConnectError where it has none."""
        try:
            address = address_of(request.url.host, self._server, self._port)
        except Unresolved as failure:
            raise httpx.ConnectError(str(failure), request=request) from failure
        request.url = request.url.copy_with(host=address)
        return self._inner.handle_request(request)
