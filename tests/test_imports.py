"""Nobody waits for what is not needed: who asks what there is, or who is on call, least of all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib

import pytest

from runbook.words import sentences
from tests.conftest import ROOT

NOTEBOOKS = {"papermill", "nbclient", "nbformat", "nbconvert", "jupyter_client", "IPython"}
NETWORK = {"httpx", "psycopg", "dns", "prometheus_client", "apprise"}


def imported(*words: str) -> set[str]:
    """The packages that the command imports until it ends."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "runbook", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(re.findall(r"\| +(\w+)[.\w]*$", done.stderr, re.M))


def test_who_asks_what_commands_there_are_imports_none_of_them() -> None:
    found = imported("--help")
    assert "runbook" in found
    assert not found & {"click", "rich", "pydantic", "yaml", *NOTEBOOKS, *NETWORK}


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (("oncall",), NOTEBOOKS | NETWORK),
        (("check",), NOTEBOOKS | NETWORK),
        (("triage", "--help"), NOTEBOOKS),
        (("verify", "--help"), NOTEBOOKS | NETWORK),
    ],
)
def test_a_command_imports_what_it_needs_and_no_more(
    words: tuple[str, ...], without: set[str]
) -> None:
    assert imported(*words) & without == set()


SPARED = """
import sys
import runbook.cli.running, runbook.redact.detector
assert "requests" not in sys.modules
import requests
assert requests.get
"""


def test_who_runs_notebooks_imports_no_http_client_and_leaves_it_to_who_needs_it() -> None:
    subprocess.run([sys.executable, "-c", SPARED], check=True)


@pytest.mark.parametrize("package", ["src/runbook", "drill"])
def test_the_words_read_table_by_table_are_those_of_the_whole_file(package: str) -> None:
    folder = ROOT / package / "words"
    whole = tomllib.loads((folder / "zh.toml").read_text(encoding="utf-8"))
    assert "RUNBOOK_LANG" not in os.environ
    assert {table: sentences(str(folder), table) for table in whole} == whole
