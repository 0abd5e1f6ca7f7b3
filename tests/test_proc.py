"""The kernel's files, read again and again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from runbook.probes.proc import Kept, born


def test_a_file_that_is_kept_tells_what_is_so_now() -> None:
    with Kept() as kept:
        first = kept.text("/proc/self/stat")
        sum(range(3_000_000))
        assert kept.text("/proc/self/stat") != first


def test_who_has_ended_tells_nothing_more() -> None:
    with Kept() as kept, subprocess.Popen([sys.executable], stdin=subprocess.PIPE) as one:
        assert one.stdin
        assert kept.text(f"/proc/{one.pid}/statm")
        one.stdin.close()
        one.wait()
        with pytest.raises(ProcessLookupError):
            kept.text(f"/proc/{one.pid}/statm")


def test_of_many_files_only_some_stay_open(tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(100)]
    for number, file in enumerate(files):
        file.write_text(f"{number}")
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    with Kept() as kept:
        for _ in range(2):
            assert [kept.text(str(file)) for file in files] == [file.read_text() for file in files]
        assert 0 < len(list(Path("/proc/self/fd").iterdir())) - open_before < len(files)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_a_process_was_born_when_it_was_started() -> None:
    with subprocess.Popen([sys.executable], stdin=subprocess.PIPE) as one:
        assert one.stdin
        assert born(one.pid) == pytest.approx(time.time(), abs=5)
        one.stdin.close()
