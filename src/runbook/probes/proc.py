"""The files a kernel makes up, read with as few questions as can be: a probe may read hundreds."""

from __future__ import annotations

import os

_MOST = 1 << 16  # bytes of one read
# It fills a page at a time with lines that are shorter than this, so after so few there is no more.
_LAST = 2048


def text(file: str) -> str:
    """The text of the file (proc(5), cgroups(7)); raises OSError."""
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = [os.read(descriptor, _MOST)]
        while len(parts[-1]) > _LAST:
            parts.append(os.read(descriptor, _MOST))
    finally:
        os.close(descriptor)
    return b"".join(parts).decode("utf-8", "replace")
