"""The drill's own scripts do what the handbook calls them for, and say so where they did not."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from drill.compose.deployment import Deployment
from drill.compose.health import healthy
from drill.wait import until
from tests.conftest import ROOT

SCRIPTS = ROOT / "drill" / "compose" / "site" / "scripts"


class Receiver(HTTPServer):
    """Who listens at the address of the alerts; it answers with `status`."""

    got: list[dict[str, Any]]
    status = 200


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(told))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver(("127.0.0.1", 0), Taking)
    server.got = []
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def run(script: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "ALERT_WEBHOOK_URL": "", **environment}
    return subprocess.run(
        [script, *words], env=around, capture_output=True, text=True, timeout=60, check=False
    )


def alert(receiver: Receiver, *words: str) -> subprocess.CompletedProcess[str]:
    url = f"http://127.0.0.1:{receiver.server_port}/hook?key=s3cret"
    return run(SCRIPTS / "alert-webhook.sh", *words, ALERT_WEBHOOK_URL=url)


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        (
            ("system-alert", "database", "critical", "数据库连接失败", "连接超时"),
            {
                "service": "database",
                "level": "critical",
                "message": "数据库连接失败",
                "details": "连接超时",
            },
        ),
        (("system-alert", "a", "b", "c"), {"details": ""}),
        (
            ("deployment-success", "v1.0.0", "production", "120"),
            {"version": "v1.0.0", "environment": "production", "seconds": 120},
        ),
        (
            ("ai-budget-exceeded", "daily", "3.5", "3.0", "116.7"),
            {"period": "daily", "used": 3.5, "budget": 3.0, "percent": 116.7},
        ),
    ],
)
def test_an_alert_arrives_as_json(
    words: tuple[str, ...], facts: dict[str, Any], receiver: Receiver
) -> None:
    done = alert(receiver, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(receiver.got) == 1
    assert receiver.got[0].items() >= {"type": words[0], **facts}.items()


@pytest.mark.parametrize(
    "text",
    ['a "quoted" word', "back\\slash \\n", "two\nlines", "a\ttab", "$(id) `id` ${HOME}", "😀"],
)
def test_whatever_is_said_arrives_as_it_was_said(text: str, receiver: Receiver) -> None:
    assert alert(receiver, "system-alert", "api", "warning", text).returncode == 0
    assert receiver.got[0]["message"] == text


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("system-alert", "api"),
        ("deployment-success", "v1", "production", "soon"),
        ("ai-budget-exceeded", "daily", "3.5", "3.0"),
    ],
)
def test_words_that_say_nothing_are_refused_and_nothing_is_sent(
    words: tuple[str, ...], receiver: Receiver
) -> None:
    assert alert(receiver, *words).returncode == 2
    assert receiver.got == []


def test_an_alert_that_nobody_took_is_a_failure_and_the_address_stays_secret(
    receiver: Receiver,
) -> None:
    receiver.status = 500
    done = alert(receiver, "deployment-success", "v1", "production", "1")
    assert done.returncode == 1
    assert "没有发出" in done.stderr and "s3cret" not in done.stdout + done.stderr
    nowhere = run(SCRIPTS / "alert-webhook.sh", "deployment-success", "v1", "production", "1")
    assert nowhere.returncode == 1 and "ALERT_WEBHOOK_URL" in nowhere.stderr


def test_a_deployment_that_works_is_verified_and_one_that_does_not_is_not(
    compose: Deployment,
) -> None:
    script = compose.file("scripts/verify-deploy.sh")
    assert until(lambda: healthy(compose), seconds=30, every=0.3)
    url = f"http://localhost:{compose.state.api_port}"
    for words in ((), ("--api-url", url)):
        done = run(script, *words)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("✓") == 3
    assert run(script, "--api-url", "http://localhost:9").returncode == 1
    assert run(script, "--nonsense").returncode == 2
