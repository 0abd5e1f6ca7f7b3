"""How far a run follows a cause: three notebooks at most, and none twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runbook.catalog import Catalog, load
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.model import Evidence, Record, RunState
from runbook.run import Kept, onward
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(ROOT)


def kept(catalog: Catalog, slug: str, case: str, *path: str) -> Kept:
    """A run of the scenario that saw what the case saw, after the records of the path."""
    facts = json.loads((CASES / slug / f"{case}.json").read_text(encoding="utf-8"))
    evidence = [Evidence.model_validate(one) for one in facts["evidence"]]
    scenario, target = catalog.scenario(slug), catalog.target("production")
    findings = judge(scenario.checks, catalog.checks, evidence)
    diagnosis = conclude(slug, scenario, target, catalog.actions, findings, evidence)
    record = Record(
        incident="DRILL-20261124-01",
        name=f"030000-{slug}",
        scenario=slug,
        title=scenario.title,
        target="production",
        target_title=target.title,
        at=datetime(2026, 11, 24, 3, tzinfo=UTC),
        seconds=1.0,
        state=RunState.COMPLETE,
        path=path,
        diagnosis=diagnosis,
    )
    return Kept(record, Path("record.ipynb"))


def led(catalog: Catalog, one: Kept, *seen: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (job.slug, job.path)
        for job in onward(catalog, [one], {}, {(slug, "production") for slug in seen})
    ]


def test_a_cause_of_another_scenario_leads_to_it(catalog: Catalog) -> None:
    one = kept(catalog, "service-memory", "database-stopped-beside-the-memory")
    assert led(catalog, one, "service-memory") == [
        ("database-connection", ("030000-service-memory",))
    ]


def test_a_cause_of_its_own_leads_nowhere(catalog: Catalog) -> None:
    one = kept(catalog, "ai-service", "quota-exhausted")
    assert led(catalog, one, "ai-service") == []


def test_no_scenario_is_run_twice(catalog: Catalog) -> None:
    one = kept(catalog, "service-memory", "database-stopped-beside-the-memory")
    assert led(catalog, one, "service-memory", "database-connection") == []


def test_a_path_is_three_notebooks_long_at_most(catalog: Catalog) -> None:
    case = ("service-memory", "database-stopped-beside-the-memory")
    assert led(catalog, kept(catalog, *case, "1-a"), "service-memory") != []
    assert led(catalog, kept(catalog, *case, "1-a", "2-b"), "service-memory") == []
