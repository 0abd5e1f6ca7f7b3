"""The clean drill as it was seen once, and the target it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from deployments import CASES, target_of

from runbook.catalog import load
from runbook.model import Target
from runbook.model.deployment import Deployment
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def clean() -> Deployment:
    return Deployment.model_validate_json((CASES / "clean.json").read_text(encoding="utf-8"))


@pytest.fixture
def aura(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The target of the drill that was seen."""
    return target_of(load(ROOT), tmp_path, monkeypatch)
