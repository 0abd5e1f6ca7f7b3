"""What a person tells of an incident, refused where it cannot be true, and written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from runbook.catalog import Catalog
from runbook.errors import BadInput
from runbook.model import Severity
from runbook.model.event import (
    Acknowledged,
    Kind,
    Level,
    LevelChanged,
    Mitigated,
    Noted,
    OnCall,
    Opened,
    Resolved,
)
from runbook.model.incident import Incident
from runbook.oncall import shift_at
from runbook.records.incident import incident_of, told
from runbook.records.log import Log, append, drop_empty, locked
from runbook.records.tokens import token_key
from runbook.redact import Redactor
from runbook.words import listed, say

PREFIXES: dict[Kind, str] = {"real": "INC", "drill": "DRILL", "test": "TEST"}
# What is told within this of its happening is told at once; clocks of two machines differ.
_AT_ONCE = timedelta(minutes=1)
_LONGEST = 20_000  # characters of one thing told


@dataclass(frozen=True)
class Word:
    """Somebody tells now, or later, that something happened at that time."""

    by: str
    at: datetime
    now: datetime
    redactor: Redactor

    def text(self, text: str) -> str:
        """What was said, without secrets or what a terminal obeys; raises BadInput for nothing."""
        if not text.strip():
            raise BadInput(say("incident.nothing_said"))
        return str(self.redactor.tidy(self.redactor.text(text.strip(), detector=True), _LONGEST))

    @property
    def facts(self) -> dict[str, object]:
        """Who told it, when it happened and when it was told."""
        late = self.now - self.at > _AT_ONCE
        told = {"written": self.now, "late": True} if late else {}
        return {"by": self.by, "at": self.at, **told}


def folder_of(records: Path, name: str) -> Path:
    """The folder of the incident of that name; raises BadInput where there is none."""
    folder = records / name
    if Path(name).name != name or not folder.is_dir():
        known = sorted((one.name for one in records.glob("*-*-*") if one.is_dir()), reverse=True)[
            :5
        ]
        raise BadInput(say("incident.unknown", name=ascii(name), known=listed(known)))
    return folder


def level_of(name: str, severity: Severity) -> Level:
    """The severity with the deadlines of this moment."""
    return Level(
        severity=name,
        respond_within=severity.respond_within,
        resolve_within=severity.resolve_within,
    )


def open_(
    catalog: Catalog,
    records: Path,
    word: Word,
    kind: Kind,
    severity: str,
    title: str,
    scenario: str | None,
    target: str | None,
    impact: str | None,
    commander: str | None,
) -> Incident:
    """A new incident; the commander is the primary on call unless somebody else is named.

    Raises BadInput for a severity, scenario, target or person nobody knows, or a time to come.
    """
    _not_to_come(word)
    if scenario is not None:
        catalog.scenario(scenario)
    if target is not None:
        catalog.target(target)
    on_call = _on_call(catalog, word.at)
    leader = commander or (on_call.primary if on_call else None)
    if leader is None:
        raise BadInput(say("incident.nobody_on_call"))
    level, called = _level(catalog, severity), _person(catalog, leader)
    word.text(title)
    folder = _new_folder(records, f"{PREFIXES[kind]}-{word.at:%Y%m%d}")
    try:
        key = token_key(records, folder.name)
        word = replace(word, redactor=replace(word.redactor, key=key))
        opened = Opened.model_validate(
            {
                **word.facts,
                "kind": kind,
                "title": word.text(title),
                "level": level,
                "impact": word.text(impact) if impact else None,
                "scenario": scenario,
                "target": target,
                "commander": leader,
                "commander_name": called,
                "on_call": on_call,
            }
        )
        append(folder, opened.facts)
    except BaseException:
        drop_empty(folder)  # nobody knows of it yet
        raise
    return incident_of(folder)


def acknowledge(folder: Path, word: Word) -> Incident:
    """Somebody has taken it on; raises BadInput where it was taken on before."""
    with _telling(folder, word) as (incident, log):
        if incident.answered_at is not None and incident.answered_at <= word.at:
            raise BadInput(say("incident.answered", at=_clock(incident.answered_at)))
        if incident.all(Acknowledged):
            raise BadInput(say("incident.answered", at=_clock(incident.all(Acknowledged)[0].at)))
        log.append(Acknowledged.model_validate(word.facts).facts)
    return incident_of(folder)


def note(folder: Path, word: Word, text: str) -> Incident:
    """Something worth keeping, at any time, also before the opening and after the end."""
    _not_to_come(word)
    append(folder, Noted.model_validate({**word.facts, "text": word.text(text)}).facts)
    return incident_of(folder)


def change_level(catalog: Catalog, folder: Path, word: Word, severity: str, why: str) -> Incident:
    """Another severity from that time on; raises BadInput for the one it has, or after its end."""
    with _telling(folder, word) as (incident, log):
        _not_after_the_end(incident, word)
        level = _level(catalog, severity)
        if incident.severity == severity:
            raise BadInput(say("incident.same_level", severity=severity))
        facts = {**word.facts, "level": level, "why": word.text(why)}
        log.append(LevelChanged.model_validate(facts).facts)
    return incident_of(folder)


def mitigate(folder: Path, word: Word, text: str) -> Incident:
    """Users suffer no more; raises BadInput where they did not before, or after its end."""
    with _telling(folder, word) as (incident, log):
        _not_after_the_end(incident, word)
        if incident.mitigated is not None:
            raise BadInput(say("incident.mitigated", at=_clock(incident.mitigated.at)))
        log.append(Mitigated.model_validate({**word.facts, "text": word.text(text)}).facts)
    return incident_of(folder)


def resolve(folder: Path, word: Word, text: str, cause: str | None) -> Incident:
    """It is over; raises BadInput where it was before, or would end before it was mitigated."""
    with _telling(folder, word) as (incident, log):
        if incident.resolved is not None:
            raise BadInput(say("incident.resolved", at=_clock(incident.resolved.at)))
        if incident.mitigated is not None and word.at < incident.mitigated.at:
            at = _clock(incident.mitigated.at)
            raise BadInput(say("incident.before_mitigation", at=at))
        said = {"text": word.text(text), "cause": word.text(cause) if cause else None}
        log.append(Resolved.model_validate({**word.facts, **said}).facts)
    return incident_of(folder)


@contextmanager
def _telling(folder: Path, word: Word) -> Iterator[tuple[Incident, Log]]:
    """The incident as it stands, with its log: what is judged of it is true until it is written.

    Raises BadInput where it was not open then.
    """
    _not_to_come(word)
    if incident_of(folder).opened is None:
        raise BadInput(say("incident.never_opened", name=folder.name))
    with locked(folder) as log:
        incident = told(folder.name, log.lines())
        if incident.opened is not None and word.at < incident.opened.at:
            raise BadInput(say("incident.before_opening", at=_clock(incident.opened.at)))
        yield incident, log


def _not_to_come(word: Word) -> None:
    if word.at - word.now > _AT_ONCE:
        raise BadInput(say("incident.to_come", at=_clock(word.at), now=_clock(word.now)))


def _not_after_the_end(incident: Incident, word: Word) -> None:
    if incident.resolved is not None and word.at >= incident.resolved.at:
        raise BadInput(say("incident.over", at=_clock(incident.resolved.at)))


def _level(catalog: Catalog, name: str) -> Level:
    if name not in catalog.severities:
        raise BadInput(say("incident.no_level", name=ascii(name), known=listed(catalog.severities)))
    return level_of(name, catalog.severities[name])


def _person(catalog: Catalog, name: str) -> str:
    if name not in catalog.contacts:
        raise BadInput(say("incident.no_person", name=ascii(name), known=listed(catalog.contacts)))
    return catalog.contacts[name].name


def _on_call(catalog: Catalog, at: datetime) -> OnCall | None:
    try:
        shift = shift_at(catalog.roster, at)
    except ValueError:
        return None
    return OnCall(
        primary=shift.primary,
        primary_name=catalog.contacts[shift.primary].name,
        secondary=shift.secondary,
        secondary_name=catalog.contacts[shift.secondary].name,
    )


def _new_folder(records: Path, day: str) -> Path:
    try:
        records.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            folder = records / f"{day}-{number:02d}"
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise BadInput(say("record.not_writable", folder=records, detail=error.strerror)) from error
    raise AssertionError  # count() never ends


def _clock(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"
