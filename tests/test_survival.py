"""Whatever fails while something is written, the log is whole, and what happened is said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from runbook.catalog import load
from runbook.errors import RunbookError
from runbook.model import RunState
from runbook.records.incident import incident_of
from runbook.records.keep import began, begin
from runbook.records.log import EVENTS, append, lines
from runbook.records.reading import record_of
from runbook.records.recover import recover
from runbook.records.verify import inspect
from tests.conftest import ROOT, Runbook

AT = datetime.fromisoformat("2026-11-24T03:00:00+08:00")
NOTE = {"event": "note", "at": AT.isoformat(), "text": "x" * 300}
needs_root = pytest.mark.skipif(
    os.geteuid() != 0 and "RUNBOOK_REQUIRE_ALL" not in os.environ, reason="mounts a file system"
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a quarter of a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", disk], check=True)
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def _fill(disk: Path, leave: int) -> Path:
    """The disk is full but for that many pages."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(b"x" * 4096)
    os.truncate(filler, filler.stat().st_size - 4096 * leave)
    return filler


@needs_root
def test_a_line_a_full_disk_takes_half_of_is_not_there(disk: Path) -> None:
    filler, told = _fill(disk, leave=1), 0
    with pytest.raises(RunbookError, match="写不进"):
        while True:
            append(disk, NOTE)
            told += 1
    assert told == 4096 // len(next(lines(disk)).raw)
    assert ([line.honest for line in lines(disk)], (disk / EVENTS).stat().st_size) == (
        [True] * told,
        sum(len(line.raw) for line in lines(disk)),
    )
    filler.unlink()
    append(disk, NOTE)
    assert inspect(disk).flaws == []


OPEN = ("incident", "open", "--severity", "P2", "--title", "盘满了", "--kind", "drill")


@needs_root
@pytest.mark.parametrize("leave", [0, 2])
def test_an_incident_a_full_disk_cannot_take_is_refused_and_leaves_nothing(
    leave: int, disk: Path, runbook: Runbook
) -> None:
    filler = _fill(disk, leave)
    done = runbook(*OPEN, "--records", str(disk))
    there = sorted(disk.glob("DRILL-*"))
    assert (done.returncode == 0) == bool(there)
    assert done.returncode == 0 or "写不进" in done.stderr, done
    assert not any(file.stat().st_size == 0 for file in disk.rglob(".redaction/*"))
    filler.unlink()
    assert runbook(*OPEN, "--records", str(disk)).returncode == 0
    assert runbook("verify", "--records", str(disk)).returncode == 0


@needs_root
@pytest.mark.parametrize("leave", [0, 1])
def test_what_a_full_disk_keeps_from_being_sealed_recover_seals(
    leave: int, disk: Path, runbook: Runbook
) -> None:
    assert runbook(*OPEN, "--records", str(disk)).returncode == 0
    (folder,) = disk.glob("DRILL-*")
    # To the last byte of its page, so that the next line needs another.
    room = -(folder / EVENTS).stat().st_size % 4096
    append(folder, {**NOTE, "text": "x" * max(0, room - 400)})
    filler = _fill(disk, leave)
    done = runbook("incident", "resolve", folder.name, "好了", "--records", str(disk))
    assert done.returncode == 0 or "写不进" in done.stderr
    filler.unlink()
    assert runbook("recover", "--records", str(disk)).returncode == 0
    found = inspect(folder)
    assert (found.flaws, found.notes) == ([], [])
    assert (folder / "seal.json").is_file() == (incident_of(folder).resolved is not None)


@needs_root
@pytest.mark.parametrize("leave", [0, 3, 12])
def test_a_run_on_a_full_disk_still_tells_what_it_saw(
    leave: int, disk: Path, runbook: Runbook, tmp_path: Path
) -> None:
    filler = _fill(disk, leave)
    words = ("--target", "drill", "--records", str(disk), "--incident", "DRILL-20261124-01")
    run = ("run", "database-connection", *words)
    nowhere = {"RUNBOOK_DRILL_DIR": str(tmp_path / "none")}
    done = runbook(*run, **nowhere)
    # Either it could begin, and then its findings are shown, or it says at once what to do.
    assert (done.returncode, "写不进" in done.stderr) in [(2, True), (5, True), (5, False)], done
    assert done.returncode == 2 or done.stdout
    filler.unlink()
    assert runbook("recover", "--records", str(disk)).returncode == 0
    assert runbook(*run, **nowhere).returncode == 5
    found = inspect(disk / "DRILL-20261124-01")
    assert (found.flaws, found.notes) == ([], [])


@needs_root
def test_a_folder_that_may_only_be_read_is_named_and_left_alone(
    tmp_path: Path, runbook: Runbook
) -> None:
    assert runbook(*OPEN, "--records", str(tmp_path)).returncode == 0
    (folder,) = tmp_path.glob("DRILL-*")
    before = (folder / EVENTS).read_bytes()
    subprocess.run(["mount", "--bind", tmp_path, tmp_path], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", tmp_path], check=True)
        place = ("--records", str(tmp_path))
        for words, code in (
            (OPEN, 2),
            (("incident", "note", folder.name, "写"), 1),
            (("incident", "resolve", folder.name, "好了"), 1),
            (("incident", "report", folder.name), 1),
            (("run", "database-connection", "--target", "drill", "--incident", folder.name), 2),
        ):
            done = runbook(*words, *place)
            assert (done.returncode, "写不进" in done.stderr) == (code, True), (words, done)
        # What only reads still does.
        assert runbook("verify", folder.name, *place).returncode == 0
        assert runbook("recover", *place).returncode == 0
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)
    assert [(one.name, one.read_bytes()) for one in folder.iterdir()] == [(EVENTS, before)]


def _dead(folder: Path) -> Path:
    """A run that began in a process that is no more."""
    code = (
        "import sys; from pathlib import Path; from datetime import datetime\n"
        "from runbook.records.keep import begin\n"
        "begin(Path(sys.argv[1]), 'database-connection', 'drill',"
        " datetime.fromisoformat(sys.argv[2]), 30.0)"
    )
    words = [sys.executable, "-c", code, str(folder), AT.isoformat()]
    subprocess.run(words, check=True, cwd=ROOT)
    return max(folder.glob("*.ipynb"))


def test_two_who_recover_at_once_make_one_record(tmp_path: Path, runbook: Runbook) -> None:
    folder = tmp_path / "DRILL-20261124-01"
    folder.mkdir()
    _dead(folder)
    assert [note.partition(" ")[0] for note in inspect(folder).notes] == [
        "030000-database-connection"
    ]
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda _: runbook("recover", "--records", str(tmp_path)), range(2)))
    assert sorted("已补齐" in one.stdout for one in done) == [False, True]
    assert len(incident_of(folder).runs) == 1
    found = inspect(folder)
    assert (found.flaws, found.notes, found.files) == ([], [], 2)


def test_a_conclusion_that_was_saved_is_kept_though_the_runner_died(tmp_path: Path) -> None:
    folder = tmp_path / "DRILL-20261124-01"
    folder.mkdir()
    path = _dead(folder)
    kept = next((ROOT / "records").glob("*/*-database-connection.ipynb"))
    notebook = nbformat.read(kept, as_version=4)
    concluded = notebook.metadata.pop("runbook")
    nbformat.write(notebook, path)
    (one,) = recover(load(ROOT), folder, AT)
    record = record_of(path)
    assert (one.record.state, one.record.confirmed) == (
        RunState.COMPLETE,
        tuple(
            cause["id"]
            for cause in concluded["diagnosis"]["causes"]
            if cause["state"] == "confirmed"
        ),
    )
    assert record is not None and record.message is None


def test_what_died_before_its_first_word_leaves_nothing(tmp_path: Path, runbook: Runbook) -> None:
    (tmp_path / "INC-20261124-01").mkdir()
    empty = tmp_path / "INC-20261124-02"
    empty.mkdir()
    (empty / EVENTS).touch()
    half = tmp_path / "INC-20261124-03"
    half.mkdir()
    append(half, NOTE)
    (half / ".report.md.abcdef12").write_text("# 报")
    assert runbook("verify", "--records", str(tmp_path)).returncode == 3
    assert runbook("recover", "--records", str(tmp_path)).returncode == 0
    assert runbook("verify", "--records", str(tmp_path)).returncode == 0
    assert not (tmp_path / "INC-20261124-01").exists()


@pytest.mark.parametrize("hours", [-48, -1, 1, 48])
def test_a_clock_that_jumps_breaks_no_chain_and_ends_no_run(hours: int, tmp_path: Path) -> None:
    folder = tmp_path / "DRILL-20261124-01"
    folder.mkdir()
    begin(folder, "database-connection", "drill", AT, 30.0)
    jumped = AT + timedelta(hours=hours)
    append(folder, {**NOTE, "at": jumped.isoformat()})
    begin(folder, "database-connection", "drill", jumped, 30.0)
    append(folder, NOTE)
    assert inspect(folder).flaws == []
    # Both run in this process, which lives.
    assert recover(load(ROOT), folder, jumped) == []
    assert [event.n for event in incident_of(folder).events] == [1, 2, 3, 4]


def test_a_process_is_known_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    before, boot = began(os.getpid()), psutil.boot_time()
    monkeypatch.setattr(psutil, "boot_time", lambda: boot + 3600)
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: boot + 3600)
    assert abs(began(os.getpid()) - before) < 0.01


def test_runs_and_notes_at_once_lose_nothing(tmp_path: Path, runbook: Runbook) -> None:
    incident, place = "DRILL-20261124-01", ("--records", str(tmp_path))
    nowhere = {"RUNBOOK_DRILL_DIR": str(tmp_path / "none")}
    run = ("run", "database-connection", "--target", "drill", "--incident", incident)
    (tmp_path / incident).mkdir()
    todo: list[tuple[str, ...]] = [run] * 2
    todo += [("incident", "note", incident, f"第 {number} 笔。") for number in range(6)]
    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(lambda words: runbook(*words, *place, **nowhere).returncode, todo))
    found = incident_of(tmp_path / incident)
    assert codes == [5, 5, 0, 0, 0, 0, 0, 0]
    assert len({run.record for run in found.runs}) == 2
    assert {note.text for note in found.notes} == {f"第 {number} 笔。" for number in range(6)}
    left = inspect(tmp_path / incident)
    assert (left.flaws, left.notes, left.files) == ([], [], 4)


def _saying(copy: Path, source: str) -> None:
    """The last cell of the notebook says that instead of its conclusion."""
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[-1].source = source
    nbformat.write(notebook, file)


@needs_root
def test_a_kernel_out_of_memory_leaves_the_cells_before_it(
    copy: Path, small: Callable[[], None]
) -> None:
    _saying(copy, "eaten = [bytearray(10**7) for _ in range(10**3)]")
    done = subprocess.run(
        [sys.executable, "-m", "runbook", "run", "database-connection"],
        cwd=copy,
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(copy / "none")},
        preexec_fn=small,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done
    (folder,) = (copy / "records").glob("*-*-*")
    (run,) = incident_of(folder).runs
    found = inspect(folder)
    assert (run.state, found.flaws, found.notes, found.files) == (RunState.BROKEN, [], [], 2)
    path = folder / f"{run.record}.ipynb"
    record, notebook = record_of(path), nbformat.read(path, as_version=4)
    assert record is not None and "内核没能跑完" in str(record.message)
    assert sum(bool(cell.get("execution_count")) for cell in notebook.cells) >= 7


@needs_root
def test_a_network_lost_in_the_middle_ends_in_a_record(copy: Path) -> None:
    # The loopback goes down between the evidence and the conclusion; the kernel speaks over none.
    _saying(copy, f"!ip link set lo down\n{_last(copy)}")
    command = [sys.executable, "-m", "runbook", "run", "database-connection"]
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    done = subprocess.run(
        [*alone, *command],
        cwd=copy,
        env={**os.environ, "RUNBOOK_DRILL_DIR": str(copy / "none")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 5, done
    (folder,) = (copy / "records").glob("*-*-*")
    found = inspect(folder)
    assert (found.flaws, found.notes, found.files) == ([], [], 2)


def _last(copy: Path) -> str:
    file = copy / "notebooks" / "database-connection.ipynb"
    return str(nbformat.read(file, as_version=4).cells[-1].source)


@pytest.fixture
def small() -> Iterator[Callable[[], None]]:
    """What puts a process into a group that may use 400 MB."""
    root = Path("/sys/fs/cgroup")
    root = root if (root / "cgroup.controllers").exists() else root / "memory"
    group = root / f"runbook-test-{os.getpid()}"
    group.mkdir()
    limit = "memory.max" if (root / "cgroup.controllers").exists() else "memory.limit_in_bytes"
    (group / limit).write_text(str(400 * 1024**2))
    yield lambda: (group / "cgroup.procs").write_text(str(os.getpid())) and None
    group.rmdir()
