"""A program started through this one dies with its parent, however the parent died.

    tether.py SIGNAL UID:GID|- CGROUP|- PROGRAM ARGUMENT...

Run by path with `-I -S`, not as a module: it stands between supervisord and every part, and
this way costs 10 ms.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
TETHERED_TO = "DRILL_TETHERED_TO"


def join(cgroup: str) -> None:
    """The process is in the cgroup of that directory; `-` leaves it where it is."""
    if cgroup != "-":
        with open(f"{cgroup}/cgroup.procs", "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(str(os.getpid()))


def become(account: str) -> None:
    """The process runs as `uid:gid` and nothing else; `-` leaves it as it is."""
    if account == "-":
        return
    uid, gid = (int(number) for number in account.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def tie(signal_name: str) -> None:
    """The kernel sends the signal to this process when its parent is gone."""
    number = signal.Signals[f"SIG{signal_name}"]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # A parent that died before the call above sends nothing any more.
    if os.environ.get(TETHERED_TO) != str(os.getppid()):
        sys.exit("the parent is gone: not started")


def main() -> None:
    """The named program, in the place of this one."""
    signal_name, account, cgroup, *command = sys.argv[1:]
    join(cgroup)
    # setuid() forgets the death signal, so the account comes first.
    become(account)
    tie(signal_name)
    os.environ[TETHERED_TO] = str(os.getpid())
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
