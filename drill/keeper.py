"""The process that brings a drill up, stands behind it, and clears everything away after it.

It is the parent of supervisord and, with the kernel's help, of whatever loses its parent below.
Until `up` says "keep" it lives no longer than `up` does.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path

from drill import confinement, postgres, processes, storage, supervision, tether
from drill.certificates import make_authority
from drill.faults import edge, memory
from drill.health import healthy
from drill.parts import API, LOAD, configuration, environment
from drill.place import Drill, Keeper, Place, read_drill, write_keeper, write_state
from drill.preparation import calm, plan, restore_names, set_apart, write_secrets
from drill.wait import until
from drill.words import say
from runbook.errors import RunbookError

PR_SET_CHILD_SUBREAPER = 36


class Stopped(BaseException):
    """Somebody told the keeper to end: `down`, or an `up` that is no more."""


def main() -> None:
    """A drill in the folder named on the command line, from its first file to its last."""
    place = Place(Path(sys.argv[1]))
    drill = plan(place)
    os.environ[tether.TETHERED_TO] = str(os.getpid())
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    folder = os.open(place.folder, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _tell(failed=say("up.somebody_else"))
        return
    kept = threading.Event()
    # An `up` that was called off leaves nothing; one that failed leaves its logs.
    logs_matter, why = False, ""
    try:
        signal.signal(signal.SIGTERM, _stop)
        threading.Thread(target=_listen, args=(kept,), daemon=True).start()
        supervisord = bring_up(drill)
        _tell(ready=True)
        kept.wait()
        logs_matter = True
        write_state(drill)
        _tell(kept=True)
        _reap_until(supervisord)
    except Stopped:
        pass
    except RunbookError as failure:
        logs_matter, why = True, str(failure)
    except Exception as failure:
        logs_matter, why = True, say("up.failed", why=repr(failure), log=place.logs)
        traceback.print_exc()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        clear_away(place, drill.run, and_the_logs=not logs_matter)
    # Told last: who hears it may rely on everything being gone.
    if why:
        _tell(failed=why)


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


def _listen(kept: threading.Event) -> None:
    # The read ends when `up` dies, whatever killed it.
    if sys.stdin.readline() == "keep\n":
        kept.set()
    else:
        os.kill(os.getpid(), signal.SIGTERM)


def _tell(**news: object) -> None:
    try:
        print(json.dumps(news), flush=True)
    except BrokenPipeError:
        # Nobody listens any more; _listen() will have noticed.
        sys.stdout = sys.stderr


def bring_up(drill: Drill) -> int:
    """The process id of supervisord, when every part runs and the whole answers as healthy."""
    place = drill.place
    write_keeper(
        place, Keeper(drill.state.keeper_pid, drill.state.keeper_started, drill.state.run_dir)
    )
    drill.run.mkdir(mode=0o711)
    # mkdir's mode is cut by the umask, and the server's account must pass through.
    drill.run.chmod(0o711)
    write_secrets(place)
    restore_names(drill)
    set_apart(drill)
    calm(drill)
    make_authority(drill)
    if drill.state.limited:
        confinement.confine(drill.run)
    storage.make_disk(drill)
    postgres.make_cluster(drill)
    postgres.configure(drill)
    _tell(step="database")
    supervisord = start_supervisord(drill)
    postgres.seed(drill)
    _tell(step="parts")
    supervision.start(drill, API)
    if not until(lambda: healthy(drill), seconds=15):
        raise RunbookError(say("up.never_healthy", log=place.logs))
    supervision.start(drill, LOAD)
    memory.forget(drill)
    return supervisord


def start_supervisord(drill: Drill) -> int:
    """The process id of supervisord: our child, tied to our life, taking orders."""
    file = drill.run / "supervisord.conf"
    file.write_text(configuration(), encoding="utf-8")
    supervisord = subprocess.Popen(
        [
            *(sys.executable, "-I", "-S", tether.__file__, "KILL", "-"),
            str(confinement.group(drill.run, "rest")) if drill.state.limited else "-",
            *(sys.executable, "-m", "supervisor.supervisord", "-c", file),
        ],
        cwd=drill.run,
        env=environment(drill),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    if not until(lambda: supervision.answers(drill) or supervisord.poll() is not None, seconds=8):
        raise RunbookError(say("up.supervisord_failed", log=drill.place.logs))
    return supervisord.pid


def _reap_until(supervisord: int) -> None:
    # What loses its parent below us becomes our child, and must not stay as a zombie.
    while os.waitpid(-1, 0)[0] != supervisord:
        pass


def clear_away(place: Place, run: Path, *, and_the_logs: bool = False) -> None:
    """No process, no mount and no file of the drill is left, except its logs."""
    processes.end_all_in(run)
    if (drill := read_drill(place)) is not None:
        edge.open_route(drill)
    memory.end_swap(run)
    confinement.dissolve(run)
    storage.forget_shared_memory(run / "pg" / "data")
    storage.remove_disk(run / "pg")
    shutil.rmtree(run, ignore_errors=True)
    place.state_file.unlink(missing_ok=True)
    place.broken_file.unlink(missing_ok=True)
    shutil.rmtree(place.secrets, ignore_errors=True)
    place.keeper_file.unlink(missing_ok=True)
    if and_the_logs:
        forget_folder(place)


def forget_folder(place: Place) -> None:
    """The logs are gone, and so is the folder unless somebody keeps other things there."""
    shutil.rmtree(place.logs, ignore_errors=True)
    with suppress(OSError):
        place.folder.rmdir()


if __name__ == "__main__":
    main()
