"""The network between users and the edge: a real one, which can be made slow, lossy or silent.

A TUN device with two addresses, `near` for the edge and `far` for its users.  What is sent to the
far one comes back in with both addresses exchanged, and so arrives at the near one: TCP's checksum
does not mind.  Every packet passes through this process, which may hold it, lose it or keep it.
How it is now is read from a file, a few times a second.
"""

from __future__ import annotations

import fcntl
import heapq
import itertools
import json
import os
import random
import select
import struct
import subprocess
import time
from pathlib import Path
from typing import Any

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
_REREAD_SECONDS = 0.1
_IPV4 = 4


def lay(name: str, near: str) -> int:
    """The device, up, with the near address; the far one is the next in its /30."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    for words in (("addr", "add", f"{near}/30", "dev", name), ("link", "set", name, "up")):
        subprocess.run(["ip", *words], check=True)
    return device


def mood(file: Path) -> dict[str, Any]:
    """`seconds` each packet is held, and the share of packets lost, 0 to 1."""
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def drive(device: int, file: Path) -> None:
    """Packets come back, for as long as the process lives."""
    held: list[tuple[float, int, bytes]] = []
    number = itertools.count()
    now, read_at = mood(file), time.monotonic()
    while True:
        pause = max(0.0, held[0][0] - time.monotonic()) if held else _REREAD_SECONDS
        ready, _, _ = select.select([device], [], [], min(pause, _REREAD_SECONDS))
        clock = time.monotonic()
        if clock - read_at > _REREAD_SECONDS:
            now, read_at = mood(file), clock
        if ready:
            packet = bytearray(os.read(device, 65535))
            lost = random.random() < now.get("loss", 0)  # noqa: S311
            if packet[0] >> 4 == _IPV4 and not lost:
                packet[12:16], packet[16:20] = packet[16:20], packet[12:16]
                heapq.heappush(held, (clock + now.get("seconds", 0), next(number), bytes(packet)))
        while held and held[0][0] <= clock:
            os.write(device, heapq.heappop(held)[2])


def main() -> None:
    """The road, until it is told to stop."""
    device = lay(os.environ["DRILL_ROAD"], os.environ["AURA_EDGE_BIND"])
    drive(device, Path(os.environ["DRILL_ROAD_FILE"]))


if __name__ == "__main__":
    main()
