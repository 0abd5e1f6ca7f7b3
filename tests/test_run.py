"""`runbook run`: what it refuses before anything runs, and that every run ends in a record."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from runbook.catalog import load
from runbook.records.keep import begin
from runbook.records.log import lines
from runbook.records.reading import conclusion
from runbook.records.verify import inspect
from runbook.redact import KEY_VARIABLE
from runbook.run import Kept, plan, run
from tests.conftest import Runbook

RUN = ("run", "database-connection")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "database-conection"), "是不是想写 database-connection"),
        (("run", "../../etc/passwd"), "没有场景"),
        ((*RUN, "--target", "dril"), "是不是想写 drill"),
        ((*RUN, "-p", "targt", "drill"), "是不是想写 target"),
        ((*RUN, "-p", "deadline", "soon"), "应为整数"),
        ((*RUN, "-p", "deadline", "0"), "应为 5 到 300 秒"),
        ((*RUN, "-p", "target", "\"'\n$(touch /tmp/x)`"), "没有目标"),
        ((*RUN, "-p", "x=1;import os", "1"), "没有参数"),
        ((*RUN, "--incident", "../../../tmp"), "应为 INC-YYYYMMDD-NN"),
        ((*RUN, "--incident", "INC-20261124-01\n"), "应为 INC-YYYYMMDD-NN"),
        ((*RUN, "--target", "drill", "-p", "target", "production"), "给了两个不同的值"),
        ((*RUN, "--tarjet", "drill"), "命令写得不对"),
        (("run",), "命令写得不对"),
        (("frobnicate",), "命令写得不对"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(
    words: tuple[str, ...], said: str, runbook: Runbook, tmp_path: Path
) -> None:
    records = tmp_path / "records"
    place = ("--records", str(records)) if len(words) > 1 else ()
    done = runbook(*words, *place)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not records.exists()


def test_bad_data_stops_the_run_with_every_problem(runbook: Runbook, copy: Path) -> None:
    contacts = copy / "data" / "contacts.yml"
    contacts.write_text(contacts.read_text().replace("phone:", "fone:"))
    done = runbook(*RUN, "--target", "drill", RUNBOOK_ROOT=str(copy))
    assert done.returncode == 2
    assert done.stderr.count("不认识的字段 fone") == 4
    assert not (copy / "records").exists()


def test_with_nothing_running_the_run_ends_in_a_record_of_what_it_could_not_see(
    runbook: Runbook, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "no-drill")
    records = str(tmp_path / "records")
    done = runbook(
        *RUN, "--target", "drill", "--json", "--records", records, RUNBOOK_DRILL_DIR=nowhere
    )
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    (run,) = json.loads(done.stdout)
    assert run["verdict"] == "UNKNOWN"
    assert {finding["verdict"] for finding in run["findings"]} == {"UNKNOWN"}
    assert {cause["state"] for cause in run["causes"]} == {"not tested"}
    assert all("没有在运行" in finding["observed"] for finding in run["findings"])
    assert Path(run["record"]).with_suffix(".html").is_file()


@pytest.fixture
def slow(copy: Path) -> Path:
    """A project whose notebook hangs before its conclusion."""
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[-1].source = "import time; time.sleep(600)"
    nbformat.write(notebook, file)
    return copy


def test_a_run_that_hangs_is_ended_at_its_deadline_and_kept(runbook: Runbook, slow: Path) -> None:
    done = runbook(*RUN, "-p", "deadline", "5", "--json", RUNBOOK_ROOT=str(slow))
    assert done.returncode == 5, done.stderr
    (run,) = json.loads(done.stdout)
    assert run["state"] == "deadline"
    assert "到了期限" in run["message"]
    page = (slow / run["record"]).with_suffix(".html").read_text()
    assert "到了期限" in page


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_run_is_kept_and_leaves_no_kernel(ending: str, slow: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "runbook", *RUN, "-p", "deadline", "300", "--json"],
        cwd=slow,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    folder = slow / "records"
    for _ in range(600):
        saved = [path for path in folder.glob("*/*.ipynb") if path.stat().st_size]
        if saved and '"execution_count": 7' in saved[0].read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the run never came to its last cell")
    process.send_signal(signal.Signals[ending])
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    (run,) = json.loads(out)
    assert run["state"] == "interrupted"
    left = inspect(next(folder.glob("*-*-*")))
    assert (left.flaws, left.notes, left.files) == ([], [], 2)


def test_a_broken_notebook_is_told_from_a_sick_system(runbook: Runbook, copy: Path) -> None:
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[-1].source = "1 / 0"
    nbformat.write(notebook, file)
    done = runbook(*RUN, "--json", RUNBOOK_ROOT=str(copy))
    assert done.returncode == 1
    (run,) = json.loads(done.stdout)
    assert run["state"] == "broken"
    assert "ZeroDivisionError" in run["message"]


def test_a_notebook_that_ends_early_without_a_conclusion_is_not_a_pass(
    runbook: Runbook, copy: Path
) -> None:
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[-1].source = "import sys; sys.exit(0)"
    nbformat.write(notebook, file)
    done = runbook(*RUN, "--json", RUNBOOK_ROOT=str(copy))
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["verdict"] == "UNKNOWN"


def test_no_secret_reaches_the_disk(runbook: Runbook, copy: Path) -> None:
    secret = "correct-horse-battery"
    file = copy / "notebooks" / "database-connection.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[4].source += (
        "\nimport os; print(os.environ['RUNBOOK_DB_PASSWORD'])"
        f"\nprint('postgresql://aura:{secret}2@db/aura')"
        f"\nraise ValueError('password={secret}3')"
    )
    nbformat.write(notebook, file)
    runbook(*RUN, "--target", "production", RUNBOOK_ROOT=str(copy), RUNBOOK_DB_PASSWORD=secret)
    written = [path for path in (copy / "records").rglob("*") if path.is_file()]
    assert len(written) == 4
    for path in written:
        # The source of the cell is the test's own; what it printed is not to be there.
        text = path.read_text().replace(f":{secret}2@", "").replace(f"password={secret}3", "")
        assert secret not in text, path


def test_two_runs_in_the_same_second_are_two_records(tmp_path: Path) -> None:
    at = datetime.fromisoformat("2026-11-24T03:00:00+08:00")
    one = ("database-connection", "drill", at, 30.0)
    paths = [begin(tmp_path, *one) for _ in range(2)]
    # Also where the first of them died before its file was there.
    paths[0].unlink()
    paths.append(begin(tmp_path, *one))
    assert [path.name for path in paths] == [
        "030000-database-connection.ipynb",
        "030000-database-connection-2.ipynb",
        "030000-database-connection-3.ipynb",
    ]
    assert [line.event["record"] for line in lines(tmp_path)] == [path.stem for path in paths]


def test_the_verdict_is_out_before_the_page_is_made(copy: Path) -> None:
    command = [sys.executable, "-m", "runbook", *RUN]
    environment = {**os.environ, "RUNBOOK_DRILL_DIR": str(copy / "none")}
    with subprocess.Popen(command, cwd=copy, env=environment, stdout=-1, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        pages = list((copy / "records").rglob("*.html"))
        process.stdout.read()
    assert "数据库连接失败" in said and pages == []
    assert process.returncode == 5
    left = inspect(next((copy / "records").glob("*-*-*")))
    assert (left.flaws, left.notes, left.files) == ([], [], 2)


def test_the_verdict_is_told_before_its_evidence_is_saved(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNBOOK_DRILL_DIR", str(copy / "none"))
    monkeypatch.setenv("RUNBOOK_ROOT", str(copy))
    monkeypatch.setenv(KEY_VARIABLE, "")
    catalog = load(copy)
    jobs = plan(catalog, ["database-connection", "ai-service"], {"target": "drill"})
    at = datetime(2026, 11, 24, 3, tzinfo=UTC)
    told: list[tuple[object, object]] = []

    def tell(ran: Sequence[Kept]) -> None:
        for one in ran:
            saved = json.loads(one.path.read_text(encoding="utf-8") or '{"cells": []}')
            assert one.record.diagnosis
            told.append((one.record.diagnosis.evidence, conclusion(saved)))

    kept = run(catalog, jobs, copy / "records", at, lambda *_: None, tell)
    assert told == [((), None), ((), None)]
    for one in kept:
        saved = conclusion(json.loads(one.path.read_text(encoding="utf-8")))
        assert saved and saved.evidence and saved == one.record.diagnosis
