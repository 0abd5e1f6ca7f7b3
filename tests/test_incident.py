"""An incident from its opening to its report, told to others over real HTTP and real mail."""

from __future__ import annotations

import json
import multiprocessing
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from runbook.errors import BadInput
from runbook.incident import Word, acknowledge
from runbook.publish.incidents import page
from runbook.records.incident import incident_of
from runbook.records.log import append, lines
from runbook.redact import Redactor
from tests.conftest import Runbook

Told = Any


class _Hook(BaseHTTPRequestHandler):
    """A chat's webhook: keeps what it is told, and answers as it was asked to."""

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(said)  # type: ignore[attr-defined]
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    server.told, server.answers = [], []
    server.address = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def mailbox() -> Iterator[Any]:
    class Handler:
        def __init__(self) -> None:
            self.told: list[str] = []

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            for part in message_from_bytes(envelope.content).walk():
                if part.get_content_type() == "text/plain":
                    self.told.append(part.get_payload(decode=True).decode())
            return "250 OK"

    handler: Any = Handler()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.address = f"mailto://127.0.0.1:{port}?from=runbook@example.com&to=team@example.com"
    yield handler
    controller.stop()


@pytest.fixture
def told(tmp_path: Path, runbook: Runbook) -> Told:
    """Tells the incident something; the answer as a script reads it, and the exit code."""

    def tell(*words: str, **environment: str) -> tuple[int, Any]:
        done = runbook(*words, "--records", str(tmp_path), "--json", **environment)
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    return tell


@pytest.fixture
def opened(told: Told) -> str:
    words = ("--severity", "P2", "--title", "页面打不开", "--kind", "drill")
    code, incident = told("incident", "open", *words)
    assert code == 0
    return str(incident["incident"])


def test_an_incident_is_told_from_its_opening_to_its_report(
    told: Told, opened: str, tmp_path: Path, hook: Any, mailbox: Any, runbook: Runbook
) -> None:
    assert told("incident", "ack", opened)[1]["state"] == "acknowledged"
    told("incident", "note", opened, "用户反馈 502，token=abcdEF123456")
    level = told("incident", "severity", opened, "P1", "--why", "大部分用户受影响")[1]
    assert level["severity"] == "P1"
    # Addresses come from the environment alone; a first refusal is tried again.
    hook.answers[:] = [503]
    reached = {"RUNBOOK_NOTIFY_SLACK": hook.address, "RUNBOOK_NOTIFY_MAIL": mailbox.address}
    code, sent = told("notify", "notice", "--incident", opened, "--send", **reached)
    assert code == 0, sent
    assert {(one["channel"], one["tries"]) for one in sent["deliveries"]} == {
        ("slack", 2),
        ("mail", 1),
    }
    told("incident", "mitigate", opened, "切到备用节点")
    told("incident", "resolve", opened, "换了网卡", "--cause", "网卡坏了")
    assert told("notify", "resolved", "--incident", opened, "--send", **reached)[0] == 0
    assert "事故级别: P1" in json.loads(hook.told[-1])["message"]
    assert [("换了网卡" in text, "网卡坏了" in text) for text in mailbox.told] == [
        (False, False),
        (True, True),
    ]
    written = told("incident", "report", opened)[1]
    report = Path(written["report"]).read_text()
    assert report.count("【待填写") == written["blanks"] <= 5
    for section in ("事故概述", "时间线", "根因分析", "影响评估", "解决方案", "改进措施"):
        assert f"## {section}" in report
    assert runbook("verify", opened, "--records", str(tmp_path)).returncode == 0
    everything = b"".join(
        file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()
    ).decode()
    assert "abcdEF123456" not in everything + "".join(hook.told + mailbox.told)


def test_a_channel_that_fails_is_said_and_holds_up_no_other(
    told: Told, opened: str, hook: Any
) -> None:
    nobody = "json://127.0.0.1:9/"
    reached = {"RUNBOOK_NOTIFY_SLACK": hook.address, "RUNBOOK_NOTIFY_WECHAT": nobody}
    code, sent = told("notify", "notice", "--incident", opened, "--send", **reached)
    assert code == 4
    assert {one["channel"]: one["taken"] for one in sent["deliveries"]} == {
        "slack": True,
        "wechat": False,
    }
    assert len(hook.told) == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("resolve", "{}", "再来一次"), "已经在"),
        (("mitigate", "{}", "太晚"), "已经在"),
        (("ack", "{}"), "已经在"),
        (("severity", "{}", "P0", "--why", "晚了"), "已经在"),
        (("note", "{}", "还没发生", "--at", "2099-01-01T00:00"), "还没有到"),
        (("ack", "{}", "--at", "2020-01-01T00:00"), "早于事故开启"),
        (("note", "{}", "  "), "内容是空的"),
        (("ack", "DRILL-19990101-01"), "没有事故"),
    ],
)
def test_what_cannot_be_true_is_refused_with_a_reason(
    words: tuple[str, ...], reason: str, told: Told, opened: str
) -> None:
    told("incident", "resolve", opened, "好了")
    code, said = told("incident", *(word.format(opened) for word in words))
    assert (code, reason in said) == (2, True), said


def test_what_is_told_later_stands_at_its_time_and_is_marked(
    told: Told, opened: str, tmp_path: Path
) -> None:
    before = "2026-11-24T00:00:00+08:00"
    told("incident", "note", opened, "夜里就慢了", "--at", before)
    event = list(lines(tmp_path / opened))[-1].event
    assert (event["late"], event["at"]) == (True, before)
    assert told("incident", "show", opened)[1]["events"][-1]["late"] is True


def test_a_report_somebody_wrote_in_is_kept(told: Told, opened: str) -> None:
    told("incident", "resolve", opened, "好了")
    path = Path(told("incident", "report", opened)[1]["report"])
    path.write_text(path.read_text().replace("【待填写", "[写了", 1))
    blanks = told("incident", "report", opened)[1]["blanks"]
    assert "[写了" in path.read_text()
    assert path.read_text().count("【待填写") == blanks


def test_many_who_tell_at_once_lose_nothing(
    opened: str, tmp_path: Path, runbook: Runbook, told: Told
) -> None:
    def tell(number: int) -> int:
        words = ("incident", "note", opened, f"第 {number} 笔", "--records", str(tmp_path))
        return runbook(*words).returncode

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(tell, range(40))) == {0}
    assert told("incident", "show", opened)[1]["notes"] == 40
    assert runbook("verify", opened, "--records", str(tmp_path)).returncode == 0


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</bdi></table><svg onload=alert(1)>",
    "{{7*7}} {% raw %} ${7*7} `id`",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202e drowssap",
    "\udcff not UTF-8",
    "x" * 5000,
    "【待填写：假的】 | a | b |\n# 标题",
)


def test_what_people_tell_is_shown_and_never_obeyed(
    told: Told, opened: str, tmp_path: Path, runbook: Runbook
) -> None:
    for text in HOSTILE:
        assert told("incident", "note", opened, text)[0] == 0
    written = told("incident", "report", opened)[1]
    assert written["blanks"] <= 5
    now = datetime.now(UTC)
    shown = page(tmp_path / opened, incident_of(tmp_path / opened), UTC, now)
    assert "<script>alert" not in shown and "<img" not in shown and "<svg" not in shown
    terminal = runbook("incident", "show", opened, "--records", str(tmp_path)).stdout
    for one in ("\x1b]0", "\x1b[2J", "\u202e"):
        assert one not in shown + terminal


def test_of_processes_that_take_an_incident_on_at_one_moment_one_is_written(
    opened: str, tmp_path: Path
) -> None:
    first = next(lines(tmp_path / opened)).event
    folders = [tmp_path / f"DRILL-20261124-{number}" for number in range(50, 70)]
    for folder in folders:
        folder.mkdir()
        append(folder, {key: first[key] for key in first.keys() - {"n", "previous"}})
    fork = multiprocessing.get_context("fork")
    together, now = fork.Barrier(4), datetime.fromisoformat(first["at"])

    def answer() -> None:
        for folder in folders:
            together.wait(timeout=30)
            with suppress(BadInput):
                acknowledge(folder, Word("somebody", now, now, Redactor()))

    processes = [fork.Process(target=answer) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    written = [[line.event["event"] for line in lines(folder)] for folder in folders]
    assert written == [["open", "ack"]] * len(folders)
