"""An incident as a terminal shows it, and as a script reads it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runbook.catalog import Catalog
from runbook.model.incident import Clock, Incident, State
from runbook.render.incident_words import clock_line, event_line
from runbook.render.words import lasting
from runbook.words import listed, say

_SHOWN = 200  # events on a screen: nobody reads more there


def facts(incident: Incident, now: datetime) -> dict[str, Any]:
    """Where the incident stands, for scripts; times in ISO 8601 with offset."""
    opened = incident.opened
    return {
        "incident": incident.name,
        "kind": opened.kind if opened else None,
        "title": opened.title if opened else None,
        "state": incident.state,
        "severity": incident.severity,
        "scenario": opened.scenario if opened else None,
        "target": opened.target if opened else None,
        "commander": opened.commander if opened else None,
        "on_call": opened.on_call.model_dump() if opened and opened.on_call else None,
        "opened": _iso(opened.at if opened else None),
        "acknowledged": _iso(incident.answered_at),
        "mitigated": _iso(incident.mitigated.at if incident.mitigated else None),
        "resolved": _iso(incident.resolved.at if incident.resolved else None),
        "respond": _clock(incident.respond, now),
        "resolve": _clock(incident.resolve, now),
        "causes": incident.causes,
        "runs": [run.record for run in incident.runs],
        "notes": len(incident.notes),
        "messages": len(incident.messages),
        "actions": [one.model_dump(mode="json") for one in incident.actions],
        "acting": [one.record for one in incident.acting],
        "unfinished": [run.record for run in incident.unfinished],
        "events": [event.model_dump(mode="json") for event in incident.events],
    }


def show_incident(incident: Incident, catalog: Catalog, now: datetime, console: Console) -> None:
    """The incident on one screen: where it stands, its clocks, what happened, what comes next."""
    zone = catalog.rotation.tz
    opened = incident.opened
    head = Text()
    head.append(incident.name, "bold")
    if opened:
        head.append(f"  {incident.severity}  ", "bold red")
        head.append(opened.title, "bold")
    console.print(head)
    if opened:
        lasted = lasting(incident.lasted(now))
        state = say(f"incident.state_{incident.state}")
        leader = catalog.contacts.get(opened.commander)
        phone = leader.phone if leader and leader.phone else ""
        line = say(
            "incident.stands",
            state=state,
            lasted=lasted,
            commander=opened.commander_name,
            phone=phone,
        )
        console.print(Text(line))
        if opened.on_call:
            duty = opened.on_call
            console.print(
                Text(
                    say(
                        "incident.on_call",
                        primary=duty.primary_name,
                        secondary=duty.secondary_name,
                    )
                )
            )
        for name, clock in (("respond", incident.respond), ("resolve", incident.resolve)):
            if clock is not None:
                style = {True: "green", False: "red", None: "yellow"}[clock.kept(now)]
                console.print(Text(clock_line(name, clock, now), style))
    if incident.causes:
        console.print(Text(say("incident.causes", causes=listed(incident.causes))))
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    timeline = incident.timeline()
    if len(timeline) > _SHOWN:
        console.print(Text(say("incident.earlier", count=len(timeline) - _SHOWN), "dim"))
    for event in timeline[-_SHOWN:]:
        table.add_row(f"{event.at.astimezone(zone):%m-%d %H:%M:%S}", Text(event_line(event)))
    console.print(table)
    for one in incident.acting:
        console.print(Text(say("incident.acting", action=one.action, target=one.target), "red"))
    for run in incident.unfinished:
        console.print(Text(say("incident.unfinished", record=run.record), "yellow"))
    if opened:
        console.print(Text(_next(incident), "bold"))


def listing(incidents: list[Incident], zone: tzinfo) -> Table | Text:
    """The incidents, newest first, a line each."""
    if not incidents:
        return Text(say("incident.list_empty"))
    table = Table(box=box.SIMPLE, pad_edge=False)
    for key in ("name", "level", "state", "opened", "title"):
        table.add_column(say(f"incident.column_{key}"), overflow="fold")
    for one in incidents:
        if one.opened is None:
            continue
        table.add_row(
            one.name,
            one.severity,
            say(f"incident.state_{one.state}"),
            f"{one.opened.at.astimezone(zone):%m-%d %H:%M}",
            Text(one.opened.title),
        )
    return table


def _next(incident: Incident) -> str:
    opened = incident.opened
    scenario = opened.scenario if opened and opened.scenario else "SLUG"
    step = incident.state.value
    if incident.state is State.ACKNOWLEDGED and not incident.runs:
        step = "diagnose"
    if incident.state is State.RESOLVED and incident.report is not None:
        step = "reported"
    return say(f"incident.next_{step}", name=incident.name, scenario=scenario)


def _clock(clock: Clock | None, now: datetime) -> dict[str, Any] | None:
    if clock is None:
        return None
    return {"due": _iso(clock.due), "met": _iso(clock.met), "kept": clock.kept(now)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
