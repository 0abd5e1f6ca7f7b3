"""The files a kernel makes up, read with as few questions as can be: a probe may read hundreds."""

from __future__ import annotations

import os
import time

_MOST = 1 << 16  # bytes of one read
# It fills a page at a time with lines that are shorter than this, so after so few there is no more.
_LAST = 2048
_AT_ONCE = 64  # files that stay open: of the thousand a process may have, others need some


def text(file: str) -> str:
    """The text of the file (proc(5), cgroups(7)); raises OSError."""
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _all_of(descriptor)
    finally:
        os.close(descriptor)


class Kept:
    """Files that are read again and again, opened once.

    Who has ended is no more, also where somebody else has its number by now.
    """

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)

    def text(self, file: str) -> str:
        """The text of the file now; raises OSError."""
        if file not in self._open:
            if len(self._open) == _AT_ONCE:
                return text(file)
            self._open[file] = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        return _all_of(self._open[file])


def born(pid: int) -> float:
    """When the process was started, in epoch seconds (proc_pid_stat(5), field 22)."""
    ticks = int(text(f"/proc/{pid}/stat").rpartition(")")[2].split()[19])
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return round(booted + ticks / os.sysconf("SC_CLK_TCK"), 1)


def _all_of(descriptor: int) -> str:
    found = part = os.pread(descriptor, _MOST, 0)
    while len(part) > _LAST:
        part = os.pread(descriptor, _MOST, len(found))
        found += part
    return found.decode("utf-8", "replace")
