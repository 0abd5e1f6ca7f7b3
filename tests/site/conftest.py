"""A site built once a session, and a browser to read it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from handmade import HOSTILE, ROOT, Built, build, keep, record, unfinished
from years import incidents

from runbook.catalog import load
from runbook.model import Verdict
from runbook.publish import publish


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    site, records = folder / "site", folder / "records"
    done = build(ROOT, site)
    assert done.returncode == 0, done.stdout + done.stderr
    keep(records, record("INC-20261124-01", minutes=30))
    keep(records, record("INC-20261124-00", minutes=5, verdict=Verdict.PASS))
    keep(records, record("DRILL-20261124-01", minutes=90, observed=HOSTILE, title=HOSTILE))
    keep(records, unfinished("INC-20261124-01"))
    (records / "INC-20261124-00" / "broken.ipynb").write_text('{"cells": [')
    incidents(records, count=3, seed=1)
    publish(load(ROOT), records, site, datetime.now(UTC))
    return Built(site, records)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        reason = "Chromium is not installed: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("RUNBOOK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield running
        running.close()
