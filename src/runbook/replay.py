"""A record judged again by the checks and causes of today, without the system it looked at."""

from __future__ import annotations

import json

from runbook.catalog import Catalog
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.errors import BadInput
from runbook.model import Absent, CauseState, Diagnosis, Record
from runbook.words import say


def replay(catalog: Catalog, record: Record) -> Record:
    """The record with what its evidence means today; raises BadInput where it kept none."""
    kept = record.diagnosis
    if record.action is not None:
        raise BadInput(say("replay.no_diagnosis", name=record.name))
    if kept is None or not kept.evidence:
        raise BadInput(say("replay.no_evidence", name=record.name))
    scenario = catalog.scenario(record.scenario)
    unknown = Absent(id=record.target, title=record.target_title, reason=say("replay.no_target"))
    again = conclude(
        record.scenario,
        scenario,
        kept.deployment or unknown,
        catalog.actions,
        judge(scenario.checks, catalog.checks, kept.evidence),
        kept.evidence,
    )
    return record.model_copy(update={"diagnosis": again.model_copy(update={"at": kept.at})})


def differences(then: Diagnosis, now: Diagnosis) -> list[tuple[str, CauseState | None, CauseState]]:
    """The causes judged otherwise now, each by title with its state then and now.

    A cause nobody knew then is one of them only where it would have been suspected.
    """
    before = {cause.id: cause.state for cause in then.causes}
    suspected = (CauseState.CONFIRMED, CauseState.PROBABLE)
    return [
        (cause.title, before.get(cause.id), cause.state)
        for cause in now.causes
        if before.get(cause.id) is not cause.state
        and (cause.id in before or cause.state in suspected)
    ]


def case(record: Record) -> str:
    """The record's evidence with what it must be judged to be: a file for `tests/cases/`."""
    if record.diagnosis is None:
        raise BadInput(say("replay.no_evidence", name=record.name))
    facts = {
        "confirmed": [cause.id for cause in record.diagnosis.in_state(CauseState.CONFIRMED)],
        "verdict": record.diagnosis.verdict,
        "evidence": [one.model_dump(mode="json") for one in record.diagnosis.evidence],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
