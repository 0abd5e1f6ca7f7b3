"""The report of an incident, written from its events; what people must think of is marked."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from runbook.catalog import Catalog
from runbook.incident.message import known_of
from runbook.model import CauseState
from runbook.model.event import Reported
from runbook.model.incident import Incident
from runbook.records.archive import REPORT, digest, write
from runbook.records.incident import incident_of
from runbook.records.log import head, locked
from runbook.records.reading import record_of
from runbook.render.incident_words import clock_line, event_line, source_of
from runbook.render.record_list import moment
from runbook.render.words import lasting
from runbook.words import listed, say


class Written(NamedTuple):
    """The report, and how many places wait for a person."""

    path: Path
    blanks: int
    kept: bool


def write_report(catalog: Catalog, folder: Path, by: str, now: datetime) -> Written:
    """The report in the incident's folder, with its event.

    What a person has changed since the last is kept as it is, and only entered with its new hash.
    """
    path = folder / REPORT
    incident = incident_of(folder)
    last = incident.report
    kept = path.is_file() and (last is None or last.files.get(REPORT) != digest(path))
    text = report(catalog, folder, incident, now)
    with locked(folder) as log:
        if not kept:
            write(path, text)
        blanks = path.read_text(encoding="utf-8").count(_word("blank_mark"))
        event = Reported(at=now, by=by, blanks=blanks, files={REPORT: digest(path)})
        log.append(event.facts)
    return Written(path, blanks, kept)


def report(catalog: Catalog, folder: Path, incident: Incident, now: datetime) -> str:
    """The report as Markdown in the sections of `data/after.yml`; raises BadInput if not open."""
    known = known_of(catalog, incident, now)
    title = incident.opened.title if incident.opened else ""
    sections = (
        _overview(incident, known),
        _timeline(catalog, incident),
        _cause(folder, incident),
        _impact(incident, known, now),
        _solution(incident),
        _blank("improve_tech") + "\n\n" + _blank("improve_process"),
    )
    parts = [say("report.title", name=incident.name, title=_plain(title))]
    if incident.opened and incident.opened.kind != "real":
        parts.append(say("report.not_real"))
    for section, text in zip(catalog.after.report, sections, strict=False):
        parts.append(f"## {section.title}\n\n{text}")
    parts.append(say("report.chain", n=head(folder).n, head=head(folder).hash, name=incident.name))
    return "\n\n".join(parts) + "\n"


def _overview(incident: Incident, known: dict[str, str]) -> str:
    facts = [
        ("level", known["level"]),
        ("started", known["started"]),
        ("ended", known["ended"]),
        ("lasted", known["lasted"]),
        ("owner", known["owner"]),
        ("scope", known["scope"]),
    ]
    lines = [f"- {_word(name)}{say('page.colon')}{_plain(value)}" for name, value in facts]
    return "\n".join([_plain(known["details"]), "", *lines])


def _timeline(catalog: Catalog, incident: Incident) -> str:
    zone = catalog.rotation.tz
    rows = [
        f"| {event.at.astimezone(zone):%m-%d %H:%M:%S} | {_cell(event_line(event))} "
        f"| {_cell(source_of(event))} |"
        for event in incident.timeline()
    ]
    top = f"| {_word('time')} | {_word('what')} | {_word('source')} |"
    return "\n".join([say("report.zone", zone=zone), "", top, "| --- | --- | --- |", *rows])


def _cause(folder: Path, incident: Incident) -> str:
    found = []
    for run in incident.runs:
        record = record_of(folder / f"{run.record}.ipynb")
        if record is None or record.diagnosis is None:
            continue
        for cause in record.diagnosis.in_state(CauseState.CONFIRMED):
            told = {one.ref: one.observed for one in record.diagnosis.findings}
            proof = listed(told[ref] for ref in cause.seen if ref in told)
            found.append(
                say(
                    "report.confirmed",
                    title=_plain(cause.title),
                    proof=_plain(proof),
                    record=run.record,
                )
            )
    lines = list(dict.fromkeys(found)) or [say("report.nothing_confirmed")]
    if incident.resolved and incident.resolved.cause:
        lines.insert(0, say("report.said_cause", cause=_plain(incident.resolved.cause)))
    return "\n".join(f"- {line}" for line in lines) + "\n\n" + _blank("why")


def _impact(incident: Incident, known: dict[str, str], now: datetime) -> str:
    lines = [
        say("report.users", users=_plain(known["users"]), lasted=lasting(incident.lasted(now)))
    ]
    for name, clock in (("respond", incident.respond), ("resolve", incident.resolve)):
        if clock is not None:
            lines.append(clock_line(name, clock, now))
    return "\n".join(f"- {line}" for line in lines) + "\n\n" + _blank("numbers")


def _solution(incident: Incident) -> str:
    lines = [
        say("report.acted", at=moment(one.at), what=_plain(event_line(one)))
        for one in incident.actions
    ]
    if incident.mitigated:
        at = moment(incident.mitigated.at)
        lines.append(say("report.mitigated", at=at, text=_plain(incident.mitigated.text)))
    if incident.resolved:
        at = moment(incident.resolved.at)
        lines.append(say("report.resolved", at=at, text=_plain(incident.resolved.text)))
    if not (incident.mitigated or incident.resolved):
        lines.append(_blank("solution_left"))
    return "\n".join(f"- {line}" for line in lines)


def _blank(what: str) -> str:
    return _word("blank").format(what=_word(what))


def _plain(text: str) -> str:
    """Foreign text in Markdown: it marks nothing up, and is no blank of ours."""
    one_line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>#|!~])", r"\\\1", one_line.replace(_word("blank_mark"), ""))


def _cell(text: str) -> str:
    return _plain(text)


def _word(key: str) -> str:
    return say(f"report.{key}")
