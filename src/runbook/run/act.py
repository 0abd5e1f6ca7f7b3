"""Running the notebook of an action, and keeping it as the record of what was done."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from runbook.acting.lock import INHERITED, take
from runbook.acting.plan import Plan
from runbook.acting.remedy import RECORD
from runbook.catalog import Catalog
from runbook.errors import RunbookError
from runbook.evidence import redactor_for
from runbook.model import Outcome, Record, RunState
from runbook.model.action import REMEDIATION
from runbook.records.archive import day_incident, folder_for
from runbook.records.incident import incident_of
from runbook.records.keep import begin, keep
from runbook.records.reading import acted
from runbook.records.tokens import token_key
from runbook.redact import KEY_VARIABLE, Redactor
from runbook.run import Kept, pin_folders
from runbook.run.execute import Ending, Progress, execute
from runbook.run.leash import Leash
from runbook.run.parameters import Value
from runbook.words import say

_GRACE = 25.0  # seconds for a command to end, and for what is known of it to be written down


def act(
    catalog: Catalog,
    plan: Plan,
    given: Mapping[str, Value],
    records: Path,
    incident: str | None,
    by: str,
    at: datetime,
    progress: Progress,
    *,
    agreed: bool,
) -> Kept:
    """The record of the action, executed from the moment `at`.

    `given` are the parameters of the notebook; `agreed` says that a person has typed the name of
    the target.  Raises BadInput where somebody else acts on it, or nothing can be written.
    """
    name = incident or day_incident(at, plan.target.labels.drill)
    lock = take(records, plan.target.id, plan.title, by, at, agreed)
    try:
        os.environ[KEY_VARIABLE] = token_key(records, name).decode()
        redactor = redactor_for([plan.target], catalog.public)
        pin_folders(catalog)
        folder = folder_for(records, name)
        leash = Leash(plan.deadline, _GRACE, (lock,))
        try:
            # What is begun in the log must have its end there.
            with _undisturbed():
                output = begin(folder, REMEDIATION, plan.target.id, at, plan.deadline, plan.title)
        except KeyboardInterrupt:
            leash.cut(RunState.INTERRUPTED)
        os.environ |= {RECORD: str(output.resolve()), INHERITED: str(lock), "RUNBOOK_USER": by}
        return _kept(catalog, plan, given, output, at, leash, redactor, progress)
    finally:
        os.close(lock)


def _kept(
    catalog: Catalog,
    plan: Plan,
    given: Mapping[str, Value],
    output: Path,
    at: datetime,
    leash: Leash,
    redactor: Redactor,
    progress: Progress,
) -> Kept:
    clock = time.monotonic()
    run = partial(execute, catalog.notebook(REMEDIATION), output, given, catalog.root)
    ending = _executed(partial(run, leash, redactor, progress), leash)
    told = acted(ending.notebook)
    state, message = ending.state, ending.message
    if told is None and state is RunState.COMPLETE:
        state, message = RunState.BROKEN, say("act.no_conclusion")
    if told is not None and told.outcome is not Outcome.INTERRUPTED:
        state, message = RunState.COMPLETE, None
    elif told is not None:
        message = told.why
    elif _was_begun(output):
        message = say("act.lost")
    elif state is RunState.INTERRUPTED:
        message = say("act.not_begun")
    record = Record(
        incident=output.parent.name,
        name=output.stem,
        scenario=REMEDIATION,
        title=plan.title,
        target=plan.target.id,
        target_title=plan.target.title,
        at=at,
        seconds=round(time.monotonic() - clock, 2),
        state=state,
        message=message,
        action=told,
    )
    try:
        keep(output, ending.notebook, record)
    except RunbookError as error:
        return Kept(record, output, warning=str(error))
    return Kept(record, output)


def _executed(run: Callable[[], Ending], leash: Leash) -> Ending:
    """How the notebook ended; whoever interrupts us interrupts it, and waits for its last word."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        future = thread.submit(run)
        while True:
            try:
                return future.result()
            except KeyboardInterrupt:
                leash.cut(RunState.INTERRUPTED)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What tells us to stop is heard when this is over."""
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _was_begun(output: Path) -> bool:
    """Whether the log says that the command was about to be executed, and not how it ended."""
    return any(one.record == output.stem for one in incident_of(output.parent).acting)
