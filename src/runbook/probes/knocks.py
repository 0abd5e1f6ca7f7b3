"""Many connections to one port: how many get through at once, and how many only when sent again."""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import time
from contextlib import ExitStack, suppress
from typing import Any

from runbook.probes.look import Saw

_KNOCKS = 48  # connections: of a road that loses one packet in twenty, nine looks in ten find two
_PAUSE = 0.004  # seconds between two of them
_PATIENCE = 1.2  # seconds after which a first packet was sent again (RFC 6298 says after one)
_AT_ONCE = 4  # of them, so that a server with a short queue is not overrun by being looked at
_BRIEFLY = 0.2  # seconds after which one is not under way to the server, but lost or on a long road
_HELD = 0.5  # seconds that no scheduler lets a process wait on a machine that is only busy
# Offsets in struct tcp_info (linux/tcp.h) of tcpi_rtt, in microseconds, and tcpi_total_retrans.
_TCP_INFO_RTT, _TCP_INFO_RETRANS = 68, 100


def knocks(address: str, port: int, wait: float, count: int = _KNOCKS) -> list[Saw]:
    """Each connection as `{outcome, seconds, road, resent}`, as many as `wait` gives time for.

    `seconds` is when we noticed, `road` the way to and fro as the kernel measured it.  Those that
    were under way while this machine stood still are not told: what was sent again then, was not
    lost.
    """
    done: list[Saw] = []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        begin = turn = time.monotonic()
        while len(done) < count and (left := begin + wait - time.monotonic()) > 0:
            if _stood_still(turn):
                _forget(selector)
            turn = time.monotonic()
            begun = [key.data for key in selector.get_map().values()]
            under_way = sum(time.monotonic() - since < _BRIEFLY for since in begun)
            more = len(done) + len(begun) < count and left > _PATIENCE
            if more and under_way < _AT_ONCE:
                time.sleep(_PAUSE)
                code, knock = _begin(address, port)
                stack.enter_context(knock)
                if code in (0, errno.EINPROGRESS):
                    selector.register(knock, selectors.EVENT_WRITE, data=time.monotonic())
                else:
                    done.append(_knock(code, 0.0, 0))
                continue
            ready = selector.select(min(left, _BRIEFLY))
            if _stood_still(turn):
                continue
            for key, _ in ready:
                selector.unregister(key.fileobj)
                done.append(_ended(key.fileobj, time.monotonic() - key.data))
        # Who had not long to wait says nothing.
        late = time.monotonic() - _PATIENCE
        waiting = [key.data for key in selector.get_map().values()]
        done += [{"outcome": "timeout"} for since in waiting if since < late]
    return done


def _stood_still(since: float) -> bool:
    """Whether a turn that began then took longer than anything in it may."""
    return time.monotonic() - since > _BRIEFLY + _HELD


def _forget(selector: selectors.BaseSelector) -> None:
    for key in list(selector.get_map().values()):
        selector.unregister(key.fileobj)


def _begin(address: str, port: int) -> tuple[int, socket.socket]:
    knock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    knock.setblocking(False)
    # Closed by a reset, as health checks are: a few thousand that wait a minute for what is lost
    # make every table of sockets slow to read.
    knock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return knock.connect_ex((address, port)), knock


def _ended(knock: Any, seconds: float) -> Saw:
    code = knock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    road, resent = _told_by_the_kernel(knock)
    # Closed at once, so that a small server's queue is not filled by those who only look.
    knock.close()
    return _knock(code, seconds, resent, road)


def _knock(code: int, seconds: float, resent: int, road: float = 0.0) -> Saw:
    outcomes = {0: "open", errno.ECONNREFUSED: "refused", errno.ETIMEDOUT: "timeout"}
    saw: Saw = {"outcome": outcomes.get(code, "unreachable"), "seconds": round(seconds, 4)}
    if saw["outcome"] == "unreachable":
        saw["detail"] = errno.errorcode.get(code, str(code))
    if road and code == 0:
        saw["road"] = road
    return {**saw, "resent": resent} if resent else saw


def _told_by_the_kernel(knock: socket.socket) -> tuple[float, int]:
    with suppress(OSError, AttributeError, struct.error):
        told = knock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        microseconds = int(struct.unpack_from("I", told, _TCP_INFO_RTT)[0])
        resent = int(struct.unpack_from("I", told, _TCP_INFO_RETRANS)[0])
        return round(microseconds / 1e6, 4), resent
    return 0.0, 0
