"""Who listens where, from the kernel's own tables."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from runbook.probes.listener import heard_at
from runbook.probes.sockets import family, holders, listening_beside


def test_where_a_process_and_its_children_listen_is_found_with_who_holds_it() -> None:
    code = (
        "import os, socket, sys\n"
        "four, six = socket.create_server(('127.0.0.1', 0)), None\n"
        "if os.fork() == 0:\n"
        "    six = socket.create_server(('::1', 0), family=socket.AF_INET6)\n"
        "    print(four.getsockname()[1], six.getsockname()[1], os.getpid(), flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        assert one.stdin and one.stdout
        four, six, child = one.stdout.readline().split()
        assert family(one.pid) == [one.pid, int(child)]
        both = sorted([f"127.0.0.1:{four}", f"::1:{six}"])
        assert heard_at(family(one.pid), int(six)) == heard_at(family(one.pid), 1) == both
        # Once it is known who listens at the port, the child is asked no more.
        assert heard_at(family(one.pid), int(four)) == [f"127.0.0.1:{four}"]
        (inode,) = {at.inode for at in listening_beside(os.getpid()) if at.at == f"::1:{six}"}
        assert list(holders(inode, [os.getpid(), one.pid, int(child)])) == [int(child)]
        one.stdin.close()
    assert family(one.pid) == [] and heard_at([one.pid], int(four)) == heard_at([], 1) == []


def test_a_process_of_several_threads_has_the_children_of_each() -> None:
    code = (
        "import os, threading\n"
        "def bear():\n"
        "    if os.fork() == 0:\n"
        "        os.read(0, 1)\n"
        "        os._exit(0)\n"
        "    os.write(1, b'.')\n"
        "    os.read(0, 1)\n"
        "threads = [threading.Thread(target=bear) for _ in range(3)]\n"
        "for one in threads: one.start()\n"
        "for one in threads: one.join()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as one:
        assert one.stdin and one.stdout
        for _ in range(3):
            assert one.stdout.read(1)
        assert len(family(one.pid)) == 4
        one.stdin.close()


def test_a_port_nobody_listens_at_is_in_no_table() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{bound.getsockname()[1]}"
        assert at not in {one.at for one in listening_beside(os.getpid())}
        bound.listen()
        # Who looks at the same moment is told the same, but no longer.
        end = time.monotonic() + 5
        while at not in {one.at for one in listening_beside(os.getpid())}:
            assert time.monotonic() < end
            time.sleep(0.02)
