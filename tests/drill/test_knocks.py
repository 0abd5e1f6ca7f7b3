"""A machine that stood still for a while is no road that loses packets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drill.place import Drill
from drill.wait import until
from runbook.probes.supervisor import Supervisor, state_of

pytestmark = pytest.mark.drill
KNOCKING = """
import json, sys
from runbook.probes.knocks import knocks
print("begun", flush=True)
print(json.dumps(knocks(sys.argv[1], int(sys.argv[2]), 30.0, count=int(sys.argv[3]))))
"""


@pytest.mark.parametrize(("asker_too", "counted"), [(True, False), (False, True)])
def test_only_what_is_lost_while_we_look_is_lost(
    shared: Drill, asker_too: bool, counted: bool
) -> None:
    state = shared.state
    with Supervisor(state.supervisor_socket, 5.0) as supervisor:
        road = int(supervisor.call(state_of("road"))["pid"])
    if not road:
        pytest.skip("a road of its own is laid by root only")
    words = [sys.executable, "-c", KNOCKING, state.edge_addresses[0], str(state.edge_port), "400"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout
        assert asker.stdout.readline() == "begun\n"
        os.kill(road, signal.SIGSTOP)
        assert until(lambda: _under_way(state.edge_addresses[0], state.edge_port) > 1, seconds=10)
        if asker_too:
            asker.send_signal(signal.SIGSTOP)
        before = _sent_again()
        assert until(lambda: _sent_again() > before + 1, seconds=10)
        os.kill(road, signal.SIGCONT)
        asker.send_signal(signal.SIGCONT)
        found = json.loads(asker.stdout.read())
    assert {one["outcome"] for one in found} == {"open"}
    assert any(one.get("resent") for one in found) == counted


def _under_way(address: str, port: int) -> int:
    """The connections to the port that have not been answered (SYN_SENT)."""
    there = bytes(map(int, reversed(address.split(".")))).hex().upper() + f":{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return sum(line.split()[2:4] == [there, "02"] for line in lines)


def _sent_again() -> int:
    """How often this machine has sent the first packet of a connection again."""
    names, values = (
        line.split()
        for line in Path("/proc/net/netstat").read_text(encoding="ascii").splitlines()
        if line.startswith("TcpExt:")
    )
    return int(dict(zip(names, values, strict=True))["TCPSynRetrans"])
