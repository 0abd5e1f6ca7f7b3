"""Who listens where on this machine, as the kernel tells it: one table, and who holds its sockets.

To ask for the connections of every process takes ten times as long.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from runbook.probes import proc
from runbook.probes.shared import Shared

_LISTENS = "0A"  # TCP_LISTEN (include/net/tcp_states.h)
_SOCKET = "socket:["
_MOMENT = 0.2  # seconds
_TABLES: Shared[tuple[Listening, ...]] = Shared(of_one=_MOMENT, of_many=_MOMENT)
_LINE = 150  # bytes of a line in the table (net/ipv4/tcp_ipv4.c, TMPSZ)


class Listening(NamedTuple):
    """A socket that listens, at `address:port`, by the number of its inode.

    `waiting` are the connections to it that nobody has taken yet: the kernel tells them as what it
    has received (net/ipv4/tcp_ipv4.c, get_tcp4_sock).
    """

    at: str
    inode: int
    waiting: int


def listening(table: Iterable[str]) -> Iterator[Listening]:
    """The sockets that listen, of lines as in /proc/net/tcp."""
    for words in map(str.split, table):
        if len(words) > 9 and words[3] == _LISTENS:
            address, _, port = words[1].partition(":")
            waiting = int(words[4].partition(":")[2], 16)
            yield Listening(f"{_dotted(address)}:{int(port, 16)}", int(words[9]), waiting)


def listening_beside(pid: int) -> tuple[Listening, ...]:
    """The sockets that listen in the network of that process; raises OSError.

    To make its table takes the kernel a while, so looks of the same moment share one.
    """
    one = os.getpid() if _is_beside_us(pid) else pid
    return _TABLES.get(one, lambda: _table(one))


def _is_beside_us(pid: int) -> bool:
    with suppress(OSError):  # of a stranger's process it is hidden
        return Path(f"/proc/{pid}/ns/net").stat().st_ino == Path("/proc/self/ns/net").stat().st_ino
    return False


def waiting_at(pid: int, port: int) -> int:
    """How many connections to the port, in the network of that process, nobody has taken yet.

    0 where none listens, or it is hidden.
    """
    try:
        there = listening_beside(pid)
    except OSError:
        return 0
    return max((one.waiting for one in there if one.at.endswith(f":{port}")), default=0)


def _table(pid: int) -> tuple[Listening, ...]:
    found: list[Listening] = []
    for table in (Path(f"/proc/{pid}/net/{name}") for name in ("tcp", "tcp6")):
        # They come first (proc_net_tcp.rst of Linux); for thousands of others that may follow, and
        # to fill a larger buffer, the kernel would search all it has room for.
        with suppress(FileNotFoundError), table.open("rb", buffering=_LINE) as lines:
            found += listening(takewhile(_listens, (line.decode("ascii") for line in lines)))
    return tuple(found)


def _listens(line: str) -> bool:
    return line.split(maxsplit=4)[3] in ("st", _LISTENS)


def held(pid: int) -> set[int]:
    """The inodes of the sockets the process holds; raises OSError where that is hidden."""
    found = set()
    folder = f"/proc/{pid}/fd"
    for name in os.listdir(folder):  # noqa: PTH208 - thousands, and only names
        with suppress(FileNotFoundError):  # closed meanwhile
            target = os.readlink(f"{folder}/{name}")  # noqa: PTH115
            if target.startswith(_SOCKET):
                found.add(int(target[len(_SOCKET) : -1]))
    return found


def family(pid: int) -> list[int]:
    """The process and all below it, itself first; empty where it is no more."""
    found: list[int] = []
    new = [pid]
    while new:
        one = new.pop(0)
        with suppress(OSError):
            threads = _threads(one)
            found.append(one)
            for thread in threads:
                new += map(int, proc.text(f"/proc/{one}/task/{thread}/children").split())
    return found


def _threads(pid: int) -> list[str]:
    tasks = f"/proc/{pid}/task"
    # It has a link for itself, one for what is above it, and one a thread: most have one.
    if os.stat(tasks).st_nlink == 3:  # noqa: PTH116 - often
        return [str(pid)]
    return os.listdir(tasks)  # noqa: PTH208 - often, and only names


def holders(inode: int, among: Iterable[int]) -> Iterator[int]:
    """Those of the processes that hold the socket, as far as one may look."""
    for pid in among:
        with suppress(OSError):
            if inode in held(pid):
                yield pid


def _dotted(address: str) -> str:
    """The kernel's words of four bytes, each in the order of this machine, as an address."""
    raw = b"".join(
        bytes.fromhex(address[start : start + 8])[::-1] for start in range(0, len(address), 8)
    )
    return socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)
