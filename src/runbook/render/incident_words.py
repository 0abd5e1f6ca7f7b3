"""The events of an incident as sentences, and where each is known from."""

from __future__ import annotations

from datetime import datetime

from runbook.model.event import (
    Acknowledged,
    ActionEnded,
    ActionStarted,
    Event,
    LevelChanged,
    MessageSent,
    Mitigated,
    Noted,
    Opened,
    Reported,
    Resolved,
    RunEnded,
    RunStarted,
    Torn,
)
from runbook.model.incident import Clock
from runbook.render.record_list import moment
from runbook.render.words import lasting
from runbook.words import listed, say


def event_line(event: Event) -> str:
    """What happened, in one sentence; foreign words are in it as they are."""
    said = _said(event)
    return say("event.late", what=said) if event.late else said


def _said(event: Event) -> str:
    match event:
        case Opened():
            level = event.level.severity
            leader = event.commander_name
            return say("event.open", title=event.title, level=level, commander=leader)
        case Acknowledged():
            return say("event.ack", by=event.by)
        case Noted():
            return event.text
        case LevelChanged():
            return say("event.severity", level=event.level.severity, why=event.why)
        case Mitigated():
            return say("event.mitigate", text=event.text)
        case Resolved():
            return say("event.resolve", text=event.text)
        case RunStarted(action=str(action)):
            return say("event.act_started", action=action)
        case RunStarted():
            return say("event.run_started", scenario=event.scenario)
        case RunEnded(action=str(action)):
            found = say(f"event.{event.state}")
            return say("event.act_run", action=action, target=event.target, found=found)
        case ActionStarted():
            return say("event.acting", action=event.action, target=event.target)
        case ActionEnded():
            return say(
                "event.acted",
                action=event.action,
                target=event.target,
                outcome=say(f"outcome.{event.outcome}"),
                effect=event.effect,
            )
        case RunEnded():
            verdict = say(f"verdict.{event.verdict.lower()}") if event.verdict else ""
            causes = listed(event.confirmed)
            found = say("page.colon").join(filter(None, (verdict, causes)))
            left = found or say(f"event.{event.state}")
            return say("event.run", scenario=event.scenario, target=event.target, found=left)
        case MessageSent():
            parts = [
                say("event.taken" if one.taken else "event.refused", channel=one.title)
                for one in event.deliveries
            ]
            return say("event.message", title=event.title, sent=listed(parts))
        case Reported():
            return say("event.report", blanks=event.blanks)
        case Torn():
            return say("event.torn")


def source_of(event: Event) -> str:
    """Where that is known from: the record of a run, or the line of the log and its writer."""
    line = say("event.line", n=event.n)
    if isinstance(event, RunEnded | ActionEnded):
        return f"{event.record}.ipynb"
    return say("page.dot").join(filter(None, (line, event.by)))


def clock_line(name: str, clock: Clock, now: datetime) -> str:
    """Whether a promise was kept, with both times."""
    kept = clock.kept(now)
    word = {True: "kept", False: "missed", None: "running"}[kept]
    due = moment(clock.due.astimezone(clock.met.tzinfo if clock.met else clock.due.tzinfo))
    at = moment(clock.met) if clock.met else say("event.not_yet")
    over = lasting(abs((clock.met or now) - clock.due))
    return say(f"event.{word}", clock=say(f"event.clock_{name}"), due=due, at=at, over=over)
