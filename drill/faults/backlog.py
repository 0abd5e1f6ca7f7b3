"""The queue of connections a frozen server has not accepted yet.

PostgreSQL asks for 40 places.  When they are taken the kernel drops new handshakes, and a server
that hangs begins to look like a network that drops: so the queue is made longer beforehand.
"""

from __future__ import annotations

import ctypes
import os
import socket
from contextlib import suppress

import psutil

SYS_PIDFD_GETFD = 438
PLACES = 4096


def widen_backlog(pid: int, port: int, places: int = PLACES) -> None:
    """The process's listening socket takes that many connections, where the kernel lets us."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.Process(pid).net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                with _borrowed(pid, connection.fd) as listener:
                    listener.listen(places)


def _borrowed(pid: int, descriptor: int) -> socket.socket:
    pidfd = os.pidfd_open(pid)
    try:
        copy = ctypes.CDLL(None, use_errno=True).syscall(SYS_PIDFD_GETFD, pidfd, descriptor, 0)
    finally:
        os.close(pidfd)
    if copy < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    return socket.socket(fileno=copy)
