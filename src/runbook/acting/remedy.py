"""What the notebook of an action plays on: plan, evidence, command, effect, conclusion.

Each step takes what the one before has left, so none can be played before its turn.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from runbook.acting import effects, evidence
from runbook.acting.command import Ended, Interrupted, deafen, execute
from runbook.acting.lock import inherited, take
from runbook.acting.plan import Plan, full_environment, plan, plan_text
from runbook.acting.shown import acted_shown, before_shown, changes_shown, output_shown
from runbook.case import without_traceback
from runbook.catalog import Catalog, find_root, load
from runbook.diagnosis.compare import compare
from runbook.errors import BadInput, RunbookError
from runbook.evidence import redactor_for
from runbook.model import ACTION_TYPE, Acted, Change, Diagnosis, Outcome, Verdict
from runbook.model.event import ActionEnded, ActionStarted
from runbook.probes.look import CouldNotLook
from runbook.records.archive import day_incident, folder_for
from runbook.records.log import append
from runbook.records.tokens import token_key
from runbook.redact import KEY_VARIABLE, Redactor
from runbook.words import say

RECORD = "RUNBOOK_RECORD"
"""The environment variable that tells a kernel which file its notebook is kept in."""

_OUTPUT = 4000  # characters of what the command printed, in the record's facts
_CHANGES = 40
_AFTER_FAILURE = 5.0  # seconds to see what a command that failed has done all the same
_LOOKS = 3  # at most, until the checks are well again


@dataclass(frozen=True)
class Remedy:
    """One action about to be done: its plan, and where it is kept."""

    catalog: Catalog
    plan: Plan
    record: Path
    redactor: Redactor
    by: str

    @property
    def now(self) -> datetime:
        return datetime.now(self.catalog.rotation.tz).replace(microsecond=0)

    def acted(self, outcome: Outcome, why: str, **facts: object) -> Acted:
        """What became of it."""
        return Acted.model_validate(
            {
                "action": self.plan.name,
                "title": self.plan.title,
                "service": self.plan.service,
                "target": self.plan.target.id,
                "command": self.redactor.text(self.plan.line),
                "directory": str(self.plan.directory) if self.plan.directory else None,
                "outcome": outcome,
                "why": why,
                **facts,
            }
        )

    def tell(self, acted: Acted) -> None:
        """Show what became of it, leave it for the record, and enter it in the log."""
        acted_shown(acted, {ACTION_TYPE: acted.model_dump(mode="json")})
        ended = ActionEnded(
            at=self.now,
            by=self.by,
            record=self.record.stem,
            action=acted.title,
            target=acted.target,
            outcome=acted.outcome,
            effect=acted.why,
            seconds=acted.seconds,
            exit=acted.exit,
        )
        append(self.record.parent, ended.facts)

    def refuse(self, why: str) -> NoReturn:
        """Nothing is done, and the record says why."""
        self.tell(self.acted(Outcome.REFUSED, why))
        raise BadInput(why)


@dataclass(frozen=True)
class Before:
    """The target as it was, ours alone, with the evidence safe on disk.

    `agreed` says whether a person has already typed the name of the target.
    """

    remedy: Remedy
    lock: int
    agreed: bool
    seen: effects.Seen
    diagnoses: tuple[Diagnosis, ...]
    safe: evidence.Safe


@dataclass(frozen=True)
class Done:
    """The command was executed; what that was worth is not known yet."""

    before: Before
    ended: Ended


def open_remedy(
    action: str, target: str, *, incident: str = "", to: str = "", reason: str = ""
) -> Remedy:
    """The action with its plan shown; what cannot be ends the notebook with a message alone.

    `action` are the words as they are typed, `to` the tag or the number of replicas.
    """
    without_traceback()
    catalog = load(find_root())
    name, _, service = action.strip().partition(" ")
    planned = plan(catalog, name, service or None, target, {"to": to, "reason": reason})
    print(plan_text(planned))
    now = datetime.now(catalog.rotation.tz)
    if os.environ.get(RECORD):
        record = Path(os.environ[RECORD])
    else:
        # Nobody keeps this notebook for us; evidence and events are kept all the same.
        name = incident or day_incident(now, planned.target.labels.drill)
        folder = folder_for(catalog.root / "records", name)
        record = folder / f"{now:%H%M%S}-remediation.ipynb"
        os.environ[KEY_VARIABLE] = token_key(folder.parent, name).decode()
    by = os.environ.get("RUNBOOK_USER") or getpass.getuser()
    return Remedy(catalog, planned, record, redactor_for([planned.target], catalog.public), by)


def look(remedy: Remedy) -> Before:
    """The target before the action, from now on ours; the evidence is shown, and safe on disk."""
    planned = remedy.plan
    lock, agreed = _ours(remedy)
    try:
        seen = effects.observe(planned, logs=True)
    except CouldNotLook as reason:
        remedy.refuse(say("act.cannot_see", detail=reason))
    if (why := effects.already(planned, seen)) is not None:
        remedy.refuse(why)
    diagnoses = evidence.look(remedy.catalog, planned)
    left = evidence.remains(seen, remedy.redactor)
    zone = remedy.catalog.rotation.tz
    before_shown(diagnoses, left, effects.told(planned, seen, zone), zone)
    file = remedy.record.with_suffix(".before.json")
    try:
        safe = evidence.save(file, planned, diagnoses, left)
    except RunbookError as error:
        remedy.refuse(say("act.no_evidence", detail=error))
    return Before(remedy, lock, agreed, seen, diagnoses, safe)


def act(before: Before) -> Done:
    """The command executed, once the evidence is safe and a person has agreed where one must."""
    remedy, planned = before.remedy, before.remedy.plan
    if not before.safe.is_whole:
        remedy.refuse(say("act.no_evidence", detail=before.safe.file))
    if planned.target.labels.production and not before.agreed:
        _ask(remedy)
    started = ActionStarted(
        at=remedy.now,
        by=remedy.by,
        record=remedy.record.stem,
        action=planned.title,
        target=planned.target.id,
        command=remedy.redactor.text(planned.line),
        limit=planned.action.limit,
        files={before.safe.file.name: before.safe.hash},
    )
    append(remedy.record.parent, started.facts)
    try:
        ended = execute(
            planned.argv,
            directory=planned.directory,
            environment=full_environment(planned),
            limit=planned.action.limit,
            asks=planned.action.asks,
            keep=(before.lock,),
        )
    except Interrupted as stop:
        _interrupted(before, stop.ended, say("act.stopped", seconds=f"{stop.ended.seconds:.1f}"))
    output_shown(_tidied(remedy, ended), ended)
    return Done(before, ended)


def verify(done: Done) -> Acted:
    """What the action was worth, seen at its effect; the checks are asked again."""
    try:
        return _verified(done)
    except KeyboardInterrupt:
        deafen()
        _interrupted(done.before, done.ended, say("act.unverified"))


def conclude(done: Done, acted: Acted) -> None:
    """Leave for the record what became of the action; the target is free again."""
    done.before.remedy.tell(acted)
    os.close(done.before.lock)


def _verified(done: Done) -> Acted:
    before, ended = done.before, done.ended
    remedy, planned, zone = before.remedy, before.remedy.plan, before.remedy.catalog.rotation.tz
    failed = ended.exit != 0
    within = _AFTER_FAILURE if failed else planned.effect.within
    now, lacks = effects.await_effect(planned, before.seen, within)
    after = _looked_again(remedy, patient=not failed and lacks is None)
    changes = _changes(before.diagnoses, after)
    changes_shown(changes, after)
    outcome, why = Outcome.EFFECTIVE, say("act.effective")
    if failed:
        outcome, why = Outcome.FAILED, _why(planned, ended)
    elif lacks is not None:
        outcome, why = Outcome.FAILED, say("act.no_effect", lacks=lacks)
    return remedy.acted(
        outcome,
        remedy.redactor.text(why),
        **_facts(before, ended),
        after=effects.told(planned, now, zone) if now else say("page.none"),
        changes=changes,
        checks=evidence.verdict(after),
    )


def _looked_again(remedy: Remedy, patient: bool) -> tuple[Diagnosis, ...]:
    """The checks as they are in the end: what has just started may need a moment to be well."""
    for _ in range(_LOOKS - 1 if patient else 0):
        after = evidence.look(remedy.catalog, remedy.plan)
        if evidence.verdict(after) is not Verdict.FAIL:
            return after
    return evidence.look(remedy.catalog, remedy.plan)


def _changes(before: tuple[Diagnosis, ...], after: tuple[Diagnosis, ...]) -> tuple[Change, ...]:
    found = (one for pair in zip(before, after, strict=True) for one in compare(*pair))
    return tuple(dict.fromkeys(found))[:_CHANGES]


def _why(planned: Plan, ended: Ended) -> str:
    if ended.why == "timeout":
        return say("act.timeout", limit=planned.action.limit)
    if ended.why == "not started":
        return say("act.not_started", detail=ended.output)
    return say("act.exit", code=ended.exit)


def _facts(before: Before, ended: Ended) -> dict[str, Any]:
    remedy, planned = before.remedy, before.remedy.plan
    return {
        "started": ended.why != "not started",
        "exit": ended.exit,
        "seconds": round(ended.seconds, 2),
        "output": _tidied(remedy, ended)[-_OUTPUT:],
        "before": effects.told(planned, before.seen, remedy.catalog.rotation.tz),
        "undo": planned.undo(effects.was(planned, before.seen)),
        "evidence": before.safe.file.name,
    }


def _tidied(remedy: Remedy, ended: Ended) -> str:
    return str(remedy.redactor.tidy(ended.output, len(ended.output) + 1))


def _interrupted(before: Before, ended: Ended, why: str) -> NoReturn:
    """The record says how far it came: who interrupts wants to know what to look at."""
    remedy = before.remedy
    remedy.tell(remedy.acted(Outcome.INTERRUPTED, why, **_facts(before, ended)))
    raise RunbookError(why)


def _ours(remedy: Remedy) -> tuple[int, bool]:
    """The target's lock, from our parent or taken now, and whether a person has agreed."""
    records, target = remedy.record.parent.parent, remedy.plan.target.id
    given = inherited(records, target, os.environ)
    if given is not None:
        return given[0], given[1].agreed
    try:
        return take(records, target, remedy.plan.title, remedy.by, remedy.now, False), False
    except BadInput as busy:
        remedy.refuse(str(busy))


def _ask(remedy: Remedy) -> None:
    """A person types the target's name; where there is nobody to ask, nothing is done."""
    name = remedy.plan.target.id
    try:
        said = input(say("act.confirm", target=name, title=remedy.plan.target.title))
    except (EOFError, NotImplementedError, RuntimeError):
        # papermill runs a notebook without anybody who could be asked.
        remedy.refuse(say("act.nobody", target=name))
    if said.strip() != name:
        remedy.refuse(say("act.not_confirmed", target=name))
