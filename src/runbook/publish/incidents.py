"""A page for each incident, made from its log: what happened, how its clocks ran, how to verify."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from runbook.model.incident import Incident
from runbook.publish.shelf import Shelf
from runbook.publish.write import write, write_json
from runbook.records.cells import prose
from runbook.records.incident import incident_of
from runbook.records.log import head, lines
from runbook.records.page import rendered
from runbook.render.incident_words import clock_line, event_line, source_of
from runbook.render.record_list import moment
from runbook.render.words import lasting
from runbook.words import say

HEADS = "heads.json"
_LONGEST_REPORT = 100_000  # characters


def publish_incidents(
    records: Path, site: Path, zone: tzinfo, now: datetime, shelf: Shelf | None = None
) -> int:
    """The number of incidents that have a page now; `heads.json` keeps the head of every chain."""
    shelf = shelf or Shelf(records, site / "records")
    heads: dict[str, dict[str, Any]] = {}
    for folder in shelf.folders:
        told = shelf.of(folder, "chain", tell_chain)
        if not told["n"]:
            continue
        heads[folder.name] = {"n": told["n"], "hash": told["hash"]}
        if told["open"] or not shelf.stands(folder):
            html = page(folder, incident_of(folder), zone, now)
            write(site / "records" / folder.name / "index.html", html)
    write_json(site / "records" / HEADS, heads)
    return len(heads)


def tell_chain(folder: Path) -> dict[str, Any]:
    """The head of the incident's log, and whether its clocks run: its page is of the moment."""
    last = head(folder)
    incident = incident_of(folder) if last.n else None
    runs = incident is not None and incident.opened is not None and incident.resolved is None
    return {"n": last.n, "hash": last.hash, "open": runs}


def page(folder: Path, incident: Incident, zone: tzinfo, now: datetime) -> str:
    """The whole HTML of the incident's page; foreign words in it are escaped."""
    opened = incident.opened
    clocks = [("respond", incident.respond), ("resolve", incident.resolve)]
    return rendered(
        "runbook.publish",
        "incident.html",
        incident=incident,
        opened=opened,
        severity=incident.severity,
        state=say(f"incident.state_{incident.state}"),
        lasted=lasting(incident.lasted(now)),
        at=moment(opened.at.astimezone(zone)) if opened else "",
        clocks=[(clock_line(name, clock, now), clock.kept(now)) for name, clock in clocks if clock],
        timeline=[
            {
                "here": f"{event.at.astimezone(zone):%m-%d %H:%M:%S}",
                "utc": f"{event.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "what": event_line(event),
                "source": source_of(event),
                "page": _page_of(folder, getattr(event, "record", None)),
            }
            for event in incident.timeline()
        ],
        zone=zone,
        messages=incident.messages,
        report=_report(folder / "report.md"),
        head=head(folder),
        broken=any(not line.honest for line in lines(folder)),
        say=lambda key, /, **facts: say(f"incident_page.{key}", **facts),
    )


def _report(file: Path) -> Markup:
    """The report as people read it; empty where nobody has written one."""
    if not file.is_file():
        return Markup()
    # Its title is the page's.
    text = file.read_text(encoding="utf-8", errors="replace")
    return prose(re.sub(r"\A# .*\n", "", text), most=_LONGEST_REPORT)


def _page_of(folder: Path, record: str | None) -> str | None:
    if record is None or not (folder / f"{record}.html").is_file():
        return None
    return f"{quote(record, safe='')}.html"
