"""From findings to causes: sets of signals, no expressions, no weights.

All needed signals seen and none excluding: confirmed.  A needed check answered otherwise, or an
excluding signal seen: ruled out.  Something abnormal that it needs was seen, and the rest, or
what could exclude it, was not observable: probable.  Otherwise: not tested.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from runbook.diagnosis.steps import next_step
from runbook.model import (
    Absent,
    Action,
    Cause,
    CauseState,
    Diagnosis,
    Evidence,
    Finding,
    JudgedCause,
    NextStep,
    Scenario,
    Step,
    Target,
    Verdict,
)

__all__ = ["conclude", "judge_causes", "next_step"]


def conclude(
    slug: str,
    scenario: Scenario,
    target: Target | Absent,
    actions: Mapping[str, Action],
    findings: Sequence[Finding],
    evidence: Sequence[Evidence],
) -> Diagnosis:
    """The diagnosis that the findings allow, with what to do next on this target."""
    causes = judge_causes(scenario.causes, findings)
    confirmed = [
        scenario.causes[cause.id] for cause in causes if cause.state is CauseState.CONFIRMED
    ]
    return Diagnosis(
        scenario=slug,
        target=target.id,
        at=min(one.at for one in evidence),
        findings=tuple(findings),
        causes=causes,
        severity=min((cause.severity for cause in confirmed), default=None),
        next=_next_steps(scenario, causes, findings, evidence, target, actions),
        tell=tuple(dict.fromkeys(vendor for cause in confirmed for vendor in cause.tell)),
        evidence=tuple(evidence),
        deployment=target,
    )


def judge_causes(
    causes: Mapping[str, Cause], findings: Iterable[Finding]
) -> tuple[JudgedCause, ...]:
    """Every cause with its state, in the order of the scenario."""
    findings = tuple(findings)
    answers = {finding.check: finding.ref for finding in findings}
    # That a port is open speaks for nothing: a healthy system's signals make no suspect.
    abnormal = {finding.ref for finding in findings if finding.verdict is not Verdict.PASS}
    return tuple(_judged(slug, cause, answers, abnormal) for slug, cause in causes.items())


def _judged(
    slug: str, cause: Cause, answers: Mapping[str, str | None], abnormal: Collection[str | None]
) -> JudgedCause:
    def answer(ref: str) -> str | None:
        return answers.get(ref.partition(".")[0])

    seen = tuple(ref for ref in cause.needs if answer(ref) == ref)
    unseen = tuple(ref for ref in (*cause.needs, *cause.excluded_by) if answer(ref) is None)
    otherwise = [found for ref in cause.needs if (found := answer(ref)) and found != ref]
    excluding = [ref for ref in cause.excluded_by if answer(ref) == ref]
    if otherwise or excluding:
        state = CauseState.RULED_OUT
    elif not unseen:
        state = CauseState.CONFIRMED
    elif any(ref in abnormal for ref in seen):
        state = CauseState.PROBABLE
    else:
        state = CauseState.NOT_TESTED
    return JudgedCause(
        id=slug,
        title=cause.title,
        state=state,
        seen=seen,
        against=(*otherwise, *excluding),
        unseen=unseen,
        belongs_to=cause.belongs_to,
    )


def _next_steps(
    scenario: Scenario,
    causes: Sequence[JudgedCause],
    findings: Sequence[Finding],
    evidence: Iterable[Evidence],
    target: Target | Absent,
    actions: Mapping[str, Action],
) -> tuple[NextStep, ...]:
    by_state = {
        state: [
            step
            for cause in causes
            if cause.state is state
            for step in scenario.causes[cause.id].next
        ]
        for state in CauseState
    }
    steps: Sequence[Step] = by_state[CauseState.CONFIRMED]
    if not steps and Verdict.worst(one.verdict for one in findings) not in (
        Verdict.PASS,
        Verdict.WARN,
    ):
        steps = [*by_state[CauseState.PROBABLE], *scenario.undecided]
    address = _database_address(evidence)
    made = (next_step(step, target, actions, address) for step in steps)
    return tuple(dict.fromkeys(made))


def _database_address(evidence: Iterable[Evidence]) -> str | None:
    """The address the runbook itself reached the database by."""
    for one in evidence:
        if one.probe == "database-name":
            addresses = one.saw.get("addresses")
            if isinstance(addresses, list) and addresses:
                return str(addresses[0])
    return None
