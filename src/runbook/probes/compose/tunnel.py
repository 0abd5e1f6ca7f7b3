"""The engine of another host, brought here by ssh: one connection for a whole look."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from runbook.probes.look import CouldNotLook
from runbook.words import say

SSH = "ssh://"
_SOCKET = "/var/run/docker.sock"
_EVERY = 0.05  # seconds between two looks for our end of it


@contextmanager
def tunnel(host: str, limit: float) -> Iterator[str]:
    """The address of our end of it, `unix://...`; raises CouldNotLook where there is no way.

    Not the SDK's own ssh: it makes a connection for each question, and has no limit for any.
    """
    with TemporaryDirectory(prefix="docker-") as folder:
        end = Path(folder) / "engine.sock"
        complaints = Path(folder) / "ssh.log"
        with complaints.open("w") as log:
            ssh = subprocess.Popen(
                _command(host, end, limit),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            deadline = time.monotonic() + limit
            while not end.exists():
                if ssh.poll() is not None or time.monotonic() > deadline:
                    said = complaints.read_text(errors="replace").strip().splitlines()
                    detail = said[-1] if said else say("probe.name_silent", seconds=f"{limit:g}")
                    raise CouldNotLook(say("probe.no_ssh", host=host, detail=detail))
                time.sleep(_EVERY)
            yield f"unix://{end}"
        finally:
            ssh.terminate()
            with suppress(subprocess.TimeoutExpired):
                ssh.wait(timeout=1)


def _command(host: str, end: Path, limit: float) -> list[str]:
    parts = urlsplit(host)
    return [
        "ssh",
        *("-N", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"),
        *("-o", f"ConnectTimeout={max(1, int(limit))}"),
        *("-L", f"{end}:{parts.path if parts.path not in ('', '/') else _SOCKET}"),
        *(("-l", parts.username) if parts.username else ()),
        *(("-p", str(parts.port)) if parts.port else ()),
        *("--", str(parts.hostname)),
    ]
