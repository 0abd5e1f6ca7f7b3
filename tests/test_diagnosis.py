"""Evidence in, diagnosis out: each case is a file of what was once really seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from runbook.catalog import Catalog, load
from runbook.checks import JUDGEMENTS, judge
from runbook.checks.postgres_errors import recognised
from runbook.diagnosis import conclude, judge_causes
from runbook.errors import Exit
from runbook.model import (
    Absent,
    Cause,
    CauseState,
    Diagnosis,
    Evidence,
    Finding,
    Step,
    Verdict,
)
from runbook.model.facts import FACTS, PROBE_NAMES
from runbook.probes import PROBES, collect
from tests.conftest import ROOT

FOLDER = Path(__file__).parent / "cases"
SCENARIOS = sorted(path.stem for path in (ROOT / "data" / "scenarios").glob("*.yml"))
CASES = [case for slug in SCENARIOS for case in sorted((FOLDER / slug).glob("*.json"))]


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    return load(root)


def diagnosed(
    catalog: Catalog, evidence: Sequence[Evidence], slug: str = "database-connection"
) -> Diagnosis:
    scenario = catalog.scenario(slug)
    findings = judge(scenario.checks, catalog.checks, evidence)
    target = catalog.target("production")
    return conclude(slug, scenario, target, catalog.actions, findings, evidence)


def seen_in(slug: str, case: str) -> list[Evidence]:
    facts = json.loads((FOLDER / slug / f"{case}.json").read_text())
    return [Evidence.model_validate(one) for one in facts["evidence"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_what_was_seen_leads_to_exactly_the_true_cause(case: Path, catalog: Catalog) -> None:
    """A case: the evidence of a fault, the verdict and the causes that must be confirmed."""
    facts = json.loads(case.read_text())
    seen = [Evidence.model_validate(one) for one in facts["evidence"]]
    diagnosis = diagnosed(catalog, seen, case.parent.name)
    confirmed = [cause.id for cause in diagnosis.in_state(CauseState.CONFIRMED)]
    assert confirmed == facts["confirmed"]
    assert diagnosis.verdict == facts["verdict"]
    if confirmed:
        assert diagnosis.exit is Exit.CAUSE_FOUND
        assert diagnosis.severity and diagnosis.next


def probes_of(slug: str) -> list[str]:
    catalog = load(ROOT)
    scenario = catalog.scenario(slug)
    return sorted({probe for check in scenario.checks for probe in catalog.checks[check].reads})


@pytest.mark.parametrize(
    ("slug", "probe"), [(slug, probe) for slug in SCENARIOS for probe in probes_of(slug)]
)
def test_not_being_able_to_look_is_never_an_alarm_and_rarely_green(
    slug: str, probe: str, catalog: Catalog
) -> None:
    evidence = [
        Evidence(probe=probe, at=one.at, seconds=3, error="没能查看") if one.probe == probe else one
        for one in seen_in(slug, "healthy")
    ]
    diagnosis = diagnosed(catalog, evidence, slug)
    assert not diagnosis.in_state(CauseState.CONFIRMED)
    if probe not in SECOND_OPINIONS and (slug, probe) not in SECOND_OPINIONS:
        assert diagnosis.verdict is Verdict.UNKNOWN
        assert diagnosis.exit is Exit.INCONCLUSIVE
        assert diagnosis.next


def test_who_has_run_far_longer_than_those_that_ended_falls_no_more(catalog: Catalog) -> None:
    def seen_after(seconds: float) -> Diagnosis:
        evidence = seen_in("service-memory", "killed-again-and-again")
        services = next(one for one in evidence if one.probe == "services")
        saw = {**services.saw, "now": float(str(services.saw["now"])) + seconds}
        later = services.model_copy(update={"saw": saw})
        seen = [later if one is services else one for one in evidence]
        return diagnosed(catalog, seen, "service-memory")

    assert seen_after(30).in_state(CauseState.CONFIRMED)
    assert not seen_after(120).in_state(CauseState.CONFIRMED)


# What another look tells as well: the check that reads both still has its answer.
SECOND_OPINIONS = {
    *("ai-question", "ai-models", "oom-kills"),
    *(("ai-service", "services"), ("ai-service", "api-listener")),
    *(("database-connection", "api-listener"), ("service-memory", "api-listener")),
    *(("database-connection", "memory"), ("network-connectivity", "memory")),
}


def test_evidence_of_any_odd_shape_is_unknown_and_never_an_exception(catalog: Catalog) -> None:
    at = "2026-11-24T03:00:00Z"
    for saw in ({}, {"outcome": None}, {"checks": [], "status": "x", "url": 3}, {"samples": []}):
        evidence = [
            Evidence.model_validate({"probe": probe, "at": at, "seconds": 0, "saw": saw})
            for probe in PROBES
        ]
        for slug in SCENARIOS:
            assert not diagnosed(catalog, evidence, slug).in_state(CauseState.CONFIRMED)


def test_two_faults_at_once_are_two_causes(catalog: Catalog) -> None:
    evidence = {}
    for case in ("read-only", "disk-full"):
        for one in seen_in("database-connection", case):
            if case == "read-only" or one.probe == "database-disk":
                evidence[one.probe] = one
    confirmed = diagnosed(catalog, list(evidence.values())).in_state(CauseState.CONFIRMED)
    assert [cause.id for cause in confirmed] == ["disk-full", "read-only"]


def finding(check: str, signal: str | None) -> Finding:
    return Finding(
        check=check,
        title="",
        question="",
        verdict=Verdict.FAIL if signal else Verdict.UNKNOWN,
        signal=signal,
        expected="",
        observed="",
    )


@pytest.mark.parametrize(
    ("first", "second", "third", "state"),
    [
        ("yes", "yes", "fine", CauseState.CONFIRMED),
        ("yes", "yes", None, CauseState.PROBABLE),
        ("yes", None, "fine", CauseState.PROBABLE),
        ("yes", "no", "fine", CauseState.RULED_OUT),
        ("yes", "yes", "against", CauseState.RULED_OUT),
        (None, None, "against", CauseState.RULED_OUT),
        (None, None, "fine", CauseState.NOT_TESTED),
    ],
)
def test_a_cause_is_judged_by_sets_of_signals(
    first: str | None, second: str | None, third: str | None, state: CauseState
) -> None:
    cause = Cause(
        title="x",
        needs=("one.yes", "two.yes"),
        excluded_by=("three.against",),
        severity="P1",
        next=(Step(say="x"),),
    )
    findings = [finding("one", first), finding("two", second), finding("three", third)]
    assert judge_causes({"x": cause}, findings)[0].state is state


def test_every_check_of_the_data_has_its_judgement_and_every_read_its_probe(
    catalog: Catalog,
) -> None:
    assert set(JUDGEMENTS) == set(catalog.checks) == set(FACTS)
    read = {probe for check in catalog.checks.values() for probe in check.reads}
    assert read == set(PROBES) == PROBE_NAMES


@pytest.mark.parametrize("probe", ["database-port", "database-session"])
def test_what_is_well_makes_no_suspect_when_the_rest_cannot_be_seen(
    probe: str, catalog: Catalog
) -> None:
    seen = [one for one in seen_in("database-connection", "healthy") if one.probe == probe]
    diagnosis = diagnosed(catalog, seen)
    assert not diagnosis.in_state(CauseState.CONFIRMED)
    assert not diagnosis.in_state(CauseState.PROBABLE)


@pytest.mark.parametrize(
    ("message", "signal"),
    [
        ('FATAL:  password authentication failed for user "aura"', "auth-failed"),
        (
            '致命错误:  用户 "aura" Password 认证失败 (password authentication failed)',
            "auth-failed",
        ),
        ('致命错误:  不允许角色"aura" 进行登录', "auth-failed"),
        ("FATAL:  sorry, too many clients already", "too-many"),
        ('致命错误:  由角色"aura"发起的连接太多了', "too-many"),
        ("FATAL:  the database system is in recovery mode", "refusing"),
        ("致命错误:  数据库系统停止中", "refusing"),
        ('致命错误:  数据库 "aura" 不存在', "no-database"),
        ('ERROR:  could not extend file "base/1": No space left on device', "query-failed"),
        ("QueuePool limit of size 5 overflow 10 reached, connection timed out", "pool-timeout"),
        ("couldn't get a connection after 2.00 sec; last: Connection refused", "failing"),
        ("couldn't get a connection after 2.00 sec", "pool-timeout"),
        ("it does not feel well", None),
    ],
)
def test_what_a_server_says_is_recognised_in_its_language(message: str, signal: str | None) -> None:
    assert recognised(message) == signal


def test_an_absent_deployment_is_evidence_and_not_a_failure() -> None:
    target = Absent(id="x", title="不在的环境", reason="没有启动")
    evidence = collect(target, PROBES, within=5)
    assert [one.probe for one in evidence] == list(PROBES)
    assert {one.error for one in evidence} == {"没有启动"}
