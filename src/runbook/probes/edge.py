"""The way users come in: name, network, certificate, and the answer at the end of it."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from runbook.model import Target
from runbook.model.target import Edge, host_and_port
from runbook.probes.knocks import knocks
from runbook.probes.look import KEPT, CouldNotLook, Saw
from runbook.probes.network import Unresolved, addresses, some_addresses
from runbook.probes.shared import Shared
from runbook.words import say

_NAMES = 3  # times the name is asked
_MORE_NAMES, _QUICK = 9, 0.1  # times at most, while none was as quick: it may be us who are slow
# Of an edge that many targets have in common.
_NAMES_OF: Shared[Saw] = Shared()
_KNOCKS_AT: Shared[list[Saw]] = Shared()
_CERTIFICATES: Shared[Saw] = Shared()
# It is held against what each API says at that moment.
_ANSWERS: Shared[Saw] = Shared(of_many=0.2)
_SLACK = 0.5  # seconds of a probe's limit that are left for its own work
_ANY_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h)
_NOT_YET, _EXPIRED = 9, 10  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_WRONG_NAME = 62  # X509_V_ERR_HOSTNAME_MISMATCH


def name(target: Target, limit: float) -> Saw:
    """`{host, addresses, right, seconds}` of several questions, `{host, detail}` without answer."""
    edge = _edge(target)
    host = host_and_port(edge.url)[0]
    saw = _NAMES_OF.get((target.resolver, host), lambda: _questions(target, host, limit))
    return {**saw, "right": list(edge.addresses)} if "seconds" in saw else saw


def _questions(target: Target, host: str, limit: float) -> Saw:
    seconds: list[float] = []
    deadline = time.monotonic() + limit
    found: list[str] = []
    while len(seconds) < _NAMES or (len(seconds) < _MORE_NAMES and min(seconds) > _QUICK):
        begin = time.monotonic()
        try:
            found = addresses(target, host, max(1.0, deadline - begin))
        except Unresolved as error:
            # Once answered, a question for which too little time was left tells only of slowness.
            if not found:
                return {"host": host, "addresses": [], "detail": str(error)}
        seconds.append(round(time.monotonic() - begin, 3))
        if time.monotonic() + _NAMES * seconds[-1] > deadline and (
            len(seconds) >= _NAMES or time.monotonic() + seconds[-1] > deadline
        ):
            break
    return {"host": host, "addresses": list(found), "seconds": list(seconds)}


def port(target: Target, limit: float) -> Saw:
    """`{address, limit, knocks}`: many connections, each `{outcome, seconds, resent}`.

    `resent` is how many packets the kernel sent again until it was connected.
    """
    host, number = host_and_port(_edge(target).url)
    begin = time.monotonic()
    address = some_addresses(target, host, limit)[0]
    wait = max(0.5, limit - _SLACK - (time.monotonic() - begin))
    seen = _KNOCKS_AT.get((address, number), lambda: knocks(address, number, wait))
    if not seen:
        raise CouldNotLook(say("probe.too_slow", limit=f"{limit:g}"))
    return {"address": f"{address}:{number}", "limit": round(wait, 1), "knocks": list(seen)}


def certificate(target: Target, limit: float) -> Saw:
    """`{host, trust, names, starts, ends, now}`: trust is ok, wrong-name or untrusted.

    `chain` is what the dates of those who signed it are: ok, expired or not-yet.  Dates are ISO
    8601.  They and the names are told only of a certificate that can be trusted.
    """
    edge = _edge(target)
    if not edge.url.startswith("https:"):
        raise CouldNotLook(say("probe.no_tls", url=edge.url))
    host, number = host_and_port(edge.url)
    deadline = time.monotonic() + limit - _SLACK
    where = some_addresses(target, host, limit)[0], number
    asked = host, where, edge.ca_file
    return dict(_CERTIFICATES.get(asked, lambda: _shown(edge, host, where, deadline)))


def _shown(edge: Edge, host: str, where: tuple[str, int], deadline: float) -> Saw:
    saw: Saw = {"host": host, "now": datetime.now(UTC).isoformat(timespec="seconds")}
    trust, detail = "ok", ""
    # Of a healthy one the first handshake tells all.
    for by_name, dated in ((True, True), (True, False), (False, False)):
        try:
            told = _peer(_context(edge, by_name=by_name, dated=dated), host, where, deadline)
            chain = "ok" if dated else _chain(edge, host, where, deadline)
            return {**saw, **_told(told), "trust": trust, "detail": detail, "chain": chain}
        except ssl.SSLCertVerificationError as error:
            if dated:
                continue
            detail = error.verify_message
            if error.verify_code != _WRONG_NAME:
                return {**saw, "trust": "untrusted", "detail": detail}
            trust = "wrong-name"
        except (OSError, ValueError) as error:
            at = ":".join(map(str, where))
            raise CouldNotLook(say("probe.no_handshake", url=at, detail=error)) from error
    return {**saw, "trust": trust, "detail": detail}


def _context(edge: Edge, *, by_name: bool, dated: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=edge.ca_file)
    if not dated:  # looked at by themselves, so that one fault does not hide the other
        context.verify_flags |= _ANY_TIME
    context.check_hostname = by_name
    # As browsers do: the subject's common name has counted for nothing for years (RFC 9525).
    context.hostname_checks_common_name = False
    return context


def _peer(
    context: ssl.SSLContext, host: str, where: tuple[str, int], deadline: float
) -> dict[str, Any]:
    with (
        socket.create_connection(where, max(0.1, deadline - time.monotonic())) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        return dict(secured.getpeercert() or {})


def _chain(edge: Edge, host: str, where: tuple[str, int], deadline: float) -> str:
    try:
        _peer(_context(edge, by_name=False, dated=True), host, where, deadline)
    except ssl.SSLCertVerificationError as error:
        return {_EXPIRED: "expired", _NOT_YET: "not-yet"}.get(error.verify_code, "ok")
    except (OSError, ValueError):
        return "ok"  # it was reached a moment ago, and nothing was said of dates
    return "ok"


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
    edge, route = _edge(target), target.api.routes.live
    asked = edge.url, route, target.resolver, limit
    return dict(_ANSWERS.get(asked, lambda: _answer(target, edge, route, limit)))


def _answer(target: Target, edge: Edge, route: str, limit: float) -> Saw:
    host, number = host_and_port(edge.url)
    url = edge.url + route
    deadline = time.monotonic() + limit - _SLACK
    phases: dict[str, float] = {}
    # Without authorities, which a busy machine reads slowly, and which are not asked here.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    begin = time.monotonic()
    address = some_addresses(target, host, limit, anew=True)[0]

    def done(phase: str) -> None:
        phases[phase] = round(time.monotonic() - begin - sum(phases.values()), 3)

    done("name")
    try:
        with ExitStack() as stack:
            wire = stack.enter_context(socket.create_connection((address, number), _left(deadline)))
            done("tcp")
            if edge.url.startswith("https:"):
                wire.settimeout(_left(deadline))
                wire = stack.enter_context(context.wrap_socket(wire, server_hostname=host))
                done("tls")
            wire.settimeout(_left(deadline))
            connection = http.client.HTTPConnection(host, number)
            connection.sock = wire
            connection.request("GET", route, headers={"Host": host})
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
