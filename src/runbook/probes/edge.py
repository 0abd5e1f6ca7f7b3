"""The way users come in: name, network, certificate, and the answer at the end of it."""

from __future__ import annotations

import errno
import http.client
import selectors
import socket
import ssl
import struct
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import Edge
from runbook.probes.look import KEPT, CouldNotLook, Saw
from runbook.probes.network import Unresolved, addresses, host_and_port, some_addresses
from runbook.words import say

_NAMES = 3  # times the name is asked; the middle one is what users wait
_KNOCKS = 48  # connections: of a road that loses one packet in twenty, nine looks in ten find two
_PAUSE = 0.005  # seconds between two of them
_PATIENCE = 1.2  # seconds after which a first packet was sent again (RFC 6298 says after one)
_AT_ONCE = 4  # of them, so that a server with a short queue is not overrun by being looked at
_SLACK = 0.5  # seconds of a probe's limit that are left for its own work
_TCP_INFO_RETRANS = 100  # offset of tcpi_total_retrans in struct tcp_info (linux/tcp.h)
_ANY_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h)
_WRONG_NAME = 62  # X509_V_ERR_HOSTNAME_MISMATCH


def name(target: Target, limit: float) -> Saw:
    """`{host, addresses, right, seconds}` of several questions, `{host, detail}` without answer."""
    edge = _edge(target)
    host, seconds = host_and_port(edge.url)[0], []
    deadline = time.monotonic() + limit
    try:
        for _ in range(_NAMES):
            begin = time.monotonic()
            found = addresses(target, host, max(1.0, deadline - begin))
            seconds.append(round(time.monotonic() - begin, 3))
    except Unresolved as error:
        return {"host": host, "addresses": [], "detail": str(error)}
    return {
        "host": host,
        "addresses": list(found),
        "right": list(edge.addresses),
        "seconds": list(seconds),
    }


def port(target: Target, limit: float) -> Saw:
    """`{address, limit, knocks}`: many connections, each `{outcome, seconds, resent}`.

    `resent` is how many packets the kernel sent again until it was connected.
    """
    host, number = host_and_port(_edge(target).url)
    begin = time.monotonic()
    address = some_addresses(target, host, limit)[0]
    wait = max(0.5, limit - _SLACK - (time.monotonic() - begin))
    knocks = _knocks(address, number, wait)
    return {"address": f"{address}:{number}", "limit": round(wait, 1), "knocks": list(knocks)}


def _knocks(address: str, port: int, wait: float) -> list[Saw]:
    done: list[Saw] = []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        begin = time.monotonic()
        while len(done) < _KNOCKS and (left := begin + wait - time.monotonic()) > 0:
            under_way = len(selector.get_map())
            if len(done) + under_way < _KNOCKS and under_way < _AT_ONCE and left > _PATIENCE:
                time.sleep(_PAUSE)
                code, knock = _begin(address, port)
                stack.enter_context(knock)
                if code in (0, errno.EINPROGRESS):
                    selector.register(knock, selectors.EVENT_WRITE, data=time.monotonic())
                else:
                    done.append(_knock(code, 0.0, 0))
                continue
            for key, _ in selector.select(left):
                selector.unregister(key.fileobj)
                done.append(_ended(key.fileobj, time.monotonic() - key.data))
        # Who had not long to wait says nothing.
        late = time.monotonic() - _PATIENCE
        waiting = [key.data for key in selector.get_map().values()]
        done += [{"outcome": "timeout"} for since in waiting if since < late]
    return done


def _begin(address: str, port: int) -> tuple[int, socket.socket]:
    knock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    knock.setblocking(False)
    return knock.connect_ex((address, port)), knock


def _ended(knock: Any, seconds: float) -> Saw:
    code = knock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    resent = _resent(knock)
    # Closed at once, so that a small server's queue is not filled by those who only look.
    knock.close()
    return _knock(code, seconds, resent)


def _knock(code: int, seconds: float, resent: int) -> Saw:
    outcomes = {0: "open", errno.ECONNREFUSED: "refused", errno.ETIMEDOUT: "timeout"}
    saw: Saw = {"outcome": outcomes.get(code, "unreachable"), "seconds": round(seconds, 4)}
    if saw["outcome"] == "unreachable":
        saw["detail"] = errno.errorcode.get(code, str(code))
    return {**saw, "resent": resent} if resent else saw


def _resent(knock: socket.socket) -> int:
    with suppress(OSError, AttributeError, struct.error):
        told = knock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        return int(struct.unpack_from("I", told, _TCP_INFO_RETRANS)[0])
    return 0


def certificate(target: Target, limit: float) -> Saw:
    """`{host, trust, names, starts, ends, now}`: trust is ok, wrong-name or untrusted.

    Dates are ISO 8601.  They and the names are told only of a certificate that can be trusted.
    """
    edge = _edge(target)
    if not edge.url.startswith("https:"):
        raise CouldNotLook(say("probe.no_tls", url=edge.url))
    host, number = host_and_port(edge.url)
    deadline = time.monotonic() + limit - _SLACK
    address = some_addresses(target, host, limit)[0]
    saw: Saw = {"host": host, "now": datetime.now(UTC).isoformat(timespec="seconds")}
    trust, detail = "ok", ""
    for by_name in (True, False):
        try:
            told = _peer(_context(edge, by_name), host, (address, number), deadline)
            return {**saw, **_told(told), "trust": trust, "detail": detail}
        except ssl.SSLCertVerificationError as error:
            detail = error.verify_message
            if error.verify_code != _WRONG_NAME:
                return {**saw, "trust": "untrusted", "detail": detail}
            trust = "wrong-name"
        except (OSError, ValueError) as error:
            where = f"{address}:{number}"
            raise CouldNotLook(say("probe.no_handshake", url=where, detail=error)) from error
    return {**saw, "trust": trust, "detail": detail}


def _context(edge: Edge, by_name: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=edge.ca_file)
    # The dates are looked at by themselves, so that one fault does not hide the other.
    context.verify_flags |= _ANY_TIME
    context.check_hostname = by_name
    return context


def _peer(
    context: ssl.SSLContext, host: str, where: tuple[str, int], deadline: float
) -> dict[str, Any]:
    with (
        socket.create_connection(where, max(0.1, deadline - time.monotonic())) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        return dict(secured.getpeercert() or {})


def _told(certificate: dict[str, Any]) -> Saw:
    def moment(key: str) -> str:
        stamp = ssl.cert_time_to_seconds(certificate[key])
        return datetime.fromtimestamp(stamp, UTC).isoformat(timespec="seconds")

    names: list[JsonValue] = [str(value) for _, value in certificate.get("subjectAltName", ())]
    return {"names": names, "starts": moment("notBefore"), "ends": moment("notAfter")}


def answer(target: Target, limit: float) -> Saw:
    """`{url, status, body, phases}` as a user gets it, or `{url, detail, phases}` without answer.

    `phases` are the seconds of `name`, `tcp`, `tls` and `answer`, as far as it came.  The
    certificate is not looked at here: a bad one must not hide what is behind it.
    """
    edge = _edge(target)
    host, number = host_and_port(edge.url)
    url, begin = edge.url + target.api.routes.live, time.monotonic()
    deadline = begin + limit - _SLACK
    phases: dict[str, float] = {}
    address = some_addresses(target, host, limit)[0]

    def done(phase: str) -> None:
        phases[phase] = round(time.monotonic() - begin - sum(phases.values()), 3)

    done("name")
    try:
        with ExitStack() as stack:
            wire = stack.enter_context(socket.create_connection((address, number), _left(deadline)))
            done("tcp")
            if edge.url.startswith("https:"):
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                wire.settimeout(_left(deadline))
                wire = stack.enter_context(context.wrap_socket(wire, server_hostname=host))
                done("tls")
            wire.settimeout(_left(deadline))
            connection = http.client.HTTPConnection(host, number)
            connection.sock = wire
            connection.request("GET", target.api.routes.live, headers={"Host": host})
            response = connection.getresponse()
            body = response.read(KEPT).decode("utf-8", errors="replace")
            done("answer")
    except (OSError, http.client.HTTPException) as error:
        late = isinstance(error, TimeoutError)
        detail = f"{type(error).__name__}: {'timed out' if late else error}"
        return {"url": url, "detail": detail, "limit": limit, "phases": dict(phases)}
    return {"url": url, "status": response.status, "body": body, "phases": dict(phases)}


def _left(deadline: float) -> float:
    return max(0.1, deadline - time.monotonic())


def _edge(target: Target) -> Edge:
    if target.edge is None:
        raise CouldNotLook(say("probe.no_edge", target=target.title))
    return target.edge
