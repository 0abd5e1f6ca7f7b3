"""What is left when a run is killed at a random moment, and when many write at once.

    .venv/bin/python benchmarks/survival.py [SEED [KILLS]]

A drill of its own is brought up.  The runner is killed with SIGKILL at that many random moments of
its life, and the kernel at as many of its own: a random while after a random step, from its first
moment over every cell to the last word.  A fifth of the runners' deaths is followed by one
of `runbook recover`; then two of it run at once.  Each time: the chain holds, what had been
finished is kept, `recover` leaves nothing open, and the next run is fine.  Then 50 runs and 500
notes go into one incident from processes side by side, and none may be lost.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from runbook.cli.call import call
from runbook.records.incident import incident_of
from runbook.records.verify import Inspection, inspect

INCIDENT = "DRILL-20261124-07"
RUN = ("run", "database-connection", "--target", "drill", "--incident", INCIDENT)
RUNBOOK = [sys.executable, "-m", "runbook"]
# Born with everything imported: a second of every run would be nothing but that.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["runbook.cli", *(f"runbook.cli.{name}" for name in ("run", "recover", "incident"))]
)
WORKERS = 2
RUNS, NOTES = 50, 500
CELLS = 8  # of the notebook that is run
STEPS = CELLS + 4
PAUSE = 0.2  # seconds at most between a step and the kill


class Command:
    """A command of the runbook in a process of its own."""

    def __init__(self, words: list[str], drill: str) -> None:
        # multiprocessing mixes up exit codes where several threads start processes.
        self._code, told = PROCESSES.Pipe(duplex=False)
        self._process = PROCESSES.Process(target=_runbook, args=(words, drill, told))
        self._process.start()
        self.pid = self._process.pid or 0

    @property
    def goes_on(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int | None:
        """Its exit code; None where it was killed."""
        self._process.join()
        try:
            return int(self._code.recv())
        except EOFError:
            return None


class Place:
    """A folder of records of its own, and how the runbook is called there."""

    def __init__(self, base: Path, drill: Path) -> None:
        self.records = base
        self.folder = base / INCIDENT
        self._drill = str(drill)

    def begin(self, *words: str) -> Command:
        return Command([*words, "--records", str(self.records)], self._drill)

    def call(self, *words: str) -> int | None:
        """How that command ended."""
        return self.begin(*words).wait()

    def inspect(self) -> Inspection | None:
        """The incident as it is; None where it has not begun."""
        return inspect(self.folder) if self.folder.is_dir() else None

    def cells(self) -> int:
        """The cells that have run, over all notebooks."""
        found = [json.loads(one.read_bytes() or b"{}") for one in self.folder.glob("*.ipynb")]
        cells = [cell for notebook in found for cell in notebook.get("cells", ())]
        return sum(bool(cell.get("execution_count")) for cell in cells)


def _runbook(words: list[str], drill: str, code: Connection) -> None:
    """The command line, in this process, and silent but for its exit code."""
    os.environ["RUNBOOK_DRILL_DIR"] = drill
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    sys.argv = ["runbook", *words]
    code.send(call())


def main(seed: int, kills: int) -> int:
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base, drill(Path(base)) as there:
        wrong = 0
        for what, kill in (("runner", _runner_killed), ("kernel", _kernel_killed)):
            dices = [random.Random(f"{seed} {what} {number}") for number in range(kills)]
            places = [Place(Path(base) / what / str(number), there) for number in range(kills)]
            ends = Counter[str]()
            with ThreadPoolExecutor(WORKERS) as threads:
                for number, end in enumerate(threads.map(kill, places, dices)):
                    print(f"  {what} {number}: {end}", flush=True)
                    ends[end.partition(":")[0]] += 1
            wrong += ends["WRONG"]
            told = ", ".join(f"{end} {count}" for end, count in sorted(ends.items()))
            print(f"{what} killed {kills} times: {told}", flush=True)
        wrong += _many(Place(Path(base) / "many", there))
    print(f"{wrong} wrong")
    return int(wrong > 0)


@contextmanager
def drill(base: Path) -> Iterator[Path]:
    """The folder of a drill that is up."""
    command = [*RUNBOOK, "drill"]
    environment = {**os.environ, "RUNBOOK_DRILL_DIR": str(base / "drill")}
    subprocess.run([*command, "up"], env=environment, check=True, capture_output=True)
    try:
        yield base / "drill"
    finally:
        subprocess.run([*command, "down"], env=environment, check=True, capture_output=True)


def _come_to(place: Place, runner: Command, step: int) -> None:
    """The runner has come to that step of its life, or has ended."""
    reached = (
        lambda: True,
        lambda: (place.folder / "events.jsonl").exists(),
        lambda: bool(_kernels(runner.pid)),
        *(lambda cells=cells: place.cells() >= cells for cells in range(1, CELLS + 1)),
        lambda: any(place.folder.glob("*.html")),
    )
    while runner.goes_on and not reached[step]():
        time.sleep(0.01)


def _runner_killed(place: Place, dice: random.Random) -> str:
    """The runner dies at some moment of its life: what it had come to, or what is wrong."""
    place.records.mkdir(parents=True)
    runner = place.begin(*RUN)
    _come_to(place, runner, dice.randrange(STEPS))
    time.sleep(dice.random() * PAUSE)
    runner.kill()
    ended = runner.wait() == 0
    saved, left = place.cells(), place.inspect()
    if left is not None and left.flaws and place.folder.exists() and any(place.folder.iterdir()):
        return f"WRONG: after the kill {left.flaws}"
    if dice.random() < 0.2:  # who finishes it dies too
        finisher = place.begin("recover")
        time.sleep(dice.random() * 2)
        finisher.kill()
        finisher.wait()
    two = [place.begin("recover") for _ in range(2)]
    if [one.wait() for one in two] != [0, 0]:
        return "WRONG: recover failed"
    left = place.inspect()
    if left is not None and (left.flaws or left.notes):
        return f"WRONG: after recover {left}"
    if place.cells() < saved:
        return f"WRONG: {saved} cells had run, {place.cells()} are kept"
    runs = len(incident_of(place.folder).runs) if left else 0
    wrong = _next_run(place, runs)
    if wrong:
        return wrong
    return "was over" if ended else "before its record" if not runs else f"{saved} cells kept"


def _kernel_killed(place: Place, dice: random.Random) -> str:
    """The kernel dies at some moment of its life, and the runner ends by itself with a record."""
    place.records.mkdir(parents=True)
    runner = place.begin(*RUN)
    _come_to(place, runner, dice.randrange(2, STEPS - 1))
    kernel = next(iter(_kernels(runner.pid)), None)
    time.sleep(dice.random() * PAUSE)
    killed = False
    if kernel is not None and kernel.is_running():
        kernel.kill()
        killed = True
    code = runner.wait()
    left = place.inspect()
    if left is None or left.flaws or left.notes or left.files != 2:
        return f"WRONG: {left}"
    if code not in (0, 1):
        return f"WRONG: exit {code}"
    kept = place.cells()
    return _next_run(place, 1) or (f"{kept} cells kept" if killed and code else "was over")


def _kernels(pid: int) -> list[psutil.Process]:
    try:
        found = psutil.Process(pid).children()
        return [one for one in found if "runbook.kernel" in " ".join(one.cmdline())]
    except psutil.Error:
        return []


def _next_run(place: Place, before: int) -> str | None:
    code, left = place.call(*RUN), place.inspect()
    if left is None or left.flaws or left.notes:
        return f"WRONG: after the next run {left}"
    runs = incident_of(place.folder).runs
    if len(runs) != before + 1:
        return f"WRONG: {len(runs)} runs, not {before + 1}"
    # What it finds is the drill's, which a busy machine makes slow; that it ends is ours.
    last = runs[-1]
    return None if last.state == "complete" else f"WRONG: the next run ended {code}, {last}"


def _many(place: Place) -> int:
    """How many of the runs and notes from many processes at once were lost, or are not as told."""
    place.records.mkdir()
    opening = ("--severity", "P2", "--title", "many at once", "--kind", "drill")
    place.call("incident", "open", *opening)
    (place.folder,) = place.records.glob("DRILL-*")
    run = (*RUN[:-1], place.folder.name)
    dice, started = random.Random(0), time.perf_counter()
    todo = [run] * RUNS + [
        ("incident", "note", place.folder.name, f"note {number}.") for number in range(NOTES)
    ]
    dice.shuffle(todo)
    with ThreadPoolExecutor(12) as threads:
        codes = Counter(threads.map(lambda words: place.call(*words), todo))
    incident, left = incident_of(place.folder), inspect(place.folder)
    texts = {one.text for one in incident.notes}
    lost = [number for number in range(NOTES) if f"note {number}." not in texts]
    print(
        f"{RUNS} runs and {NOTES} notes, 12 processes at a time, in"
        f" {time.perf_counter() - started:.0f} s: {len(incident.runs)} runs,"
        f" {len(incident.notes)} notes, {left.files} files, {len(left.flaws)} flaws,"
        f" {len(left.notes)} open, exit codes {dict(codes)}"
    )
    fine = (len(incident.runs), left.files, left.flaws, left.notes) == (RUNS, 2 * RUNS, [], [])
    return len(lost) + (not fine) + sum(count for code, count in codes.items() if code)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*given, *(random.randrange(10**6), 100)[len(given) :]))
