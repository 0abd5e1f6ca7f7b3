"""The clean drill as it was seen once, and what anything nobody saw there would have been."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from runbook.catalog import Catalog
from runbook.model import Target
from runbook.model.deployment import Answer, Deployment
from runbook.model.drift import Claim
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "drift"


def target_of(catalog: Catalog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    (folder / "compose").mkdir(exist_ok=True)
    shutil.copy(CASES / "state.json", folder / "compose" / "state.json")
    monkeypatch.setenv("RUNBOOK_DRILL_DIR", str(folder))
    target = catalog.target("drill-compose")
    assert isinstance(target, Target)
    return target


def closed(seen: Deployment, claims: Iterable[Claim]) -> Deployment:
    """The same deployment asked for these claims: what it was not seen to have, it has not."""
    routes, images, changes = dict(seen.routes), dict(seen.images), dict(seen.changes)
    listens, programs, there = dict(seen.listens), dict(seen.programs), dict(seen.there)
    for one in claims:
        if one.kind == "route":
            routes.setdefault(f"{one.of}{one.name}", routes.get(one.name, Answer(status=404)))
        elif one.kind == "image":
            repositories = ("api", "frontend")
            for name in repositories if not {*":/"} & {*one.name} else ():
                image = seen.services[name].shape.image.rpartition(":")[0]
                images.setdefault(f"{image}:{one.name}", False)
            images.setdefault(one.name, False)
        elif one.kind == "variable":
            changes.setdefault(one.name, ())
        elif one.kind == "listener":
            listens.setdefault(f"{one.of}:{one.name}", False)
        elif one.kind == "program":
            programs.setdefault(f"{one.of} {one.name}", False)
        elif one.kind == "file":
            there.setdefault(one.name, False)
    return seen.model_copy(
        update={
            "routes": routes,
            "images": images,
            "changes": changes,
            "listens": listens,
            "programs": programs,
            "there": there,
        }
    )
