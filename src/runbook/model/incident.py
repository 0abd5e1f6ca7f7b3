"""An incident as its events tell it: where it stands, and how its clocks ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeVar

from runbook.model.event import (
    Acknowledged,
    ActionEnded,
    ActionStarted,
    Event,
    Happened,
    Level,
    LevelChanged,
    MessageSent,
    Mitigated,
    Noted,
    Opened,
    Reported,
    Resolved,
    RunEnded,
    RunStarted,
)

_Kind = TypeVar("_Kind", bound=Happened)


class State(StrEnum):
    """Where an incident stands; each comes after the one before."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class Clock(NamedTuple):
    """One promise of a severity: until when, and when it was kept, if it was."""

    due: datetime
    met: datetime | None

    def kept(self, now: datetime) -> bool | None:
        """Whether the promise was kept; None while it may still be."""
        if self.met is not None:
            return self.met <= self.due
        return None if now <= self.due else False


class Stint(NamedTuple):
    """A stretch of time at one level; its clocks count from its beginning."""

    since: datetime
    level: Level


@dataclass(frozen=True)
class Incident:
    """The incident of that name with its events, in the order in which they were written."""

    name: str
    events: tuple[Event, ...]

    def all(self, kind: type[_Kind]) -> list[_Kind]:
        """The events of that kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def _first(self, kind: type[_Kind]) -> _Kind | None:
        return next(iter(self.all(kind)), None)

    @cached_property
    def opened(self) -> Opened | None:
        """How it was opened; None for the runs of a day that belong to no incident."""
        return self._first(Opened)

    @cached_property
    def mitigated(self) -> Mitigated | None:
        return self._first(Mitigated)

    @cached_property
    def resolved(self) -> Resolved | None:
        return self._first(Resolved)

    @cached_property
    def answered_at(self) -> datetime | None:
        """When somebody took it on: who mitigates or resolves has done so too."""
        known = [self._first(Acknowledged), self.mitigated, self.resolved]
        return min((event.at for event in known if event is not None), default=None)

    @property
    def state(self) -> State:
        if self.resolved is not None:
            return State.RESOLVED
        if self.mitigated is not None:
            return State.MITIGATED
        return State.OPEN if self.answered_at is None else State.ACKNOWLEDGED

    @cached_property
    def stints(self) -> list[Stint]:
        """The levels it had, by time."""
        if self.opened is None:
            return []
        changes = sorted(self.all(LevelChanged), key=lambda change: change.at)
        return [
            Stint(self.opened.at, self.opened.level),
            *(Stint(change.at, change.level) for change in changes),
        ]

    def _level_at(self, at: datetime | None) -> Stint:
        return [one for one in self.stints if at is None or one.since <= at][-1]

    @property
    def severity(self) -> str | None:
        """The level now."""
        return self.stints[-1].level.severity if self.stints else None

    @property
    def respond(self) -> Clock | None:
        """The promise to answer, at the level it had when it was answered."""
        if not self.stints:
            return None
        stint = self._level_at(self.answered_at)
        return Clock(stint.since + stint.level.respond_within, self.answered_at)

    @property
    def resolve(self) -> Clock | None:
        """The promise to end it, at the level it had when it ended."""
        if not self.stints:
            return None
        ended = self.resolved.at if self.resolved else None
        stint = self._level_at(ended)
        return Clock(stint.since + stint.level.resolve_within, ended)

    @property
    def runs(self) -> list[RunEnded]:
        return self.all(RunEnded)

    @property
    def unfinished(self) -> list[RunStarted]:
        """The runs that began and left no end: they go on, or died."""
        ended = {run.record for run in self.runs}
        return [start for start in self.all(RunStarted) if start.record not in ended]

    @property
    def actions(self) -> list[ActionEnded]:
        return self.all(ActionEnded)

    @property
    def acting(self) -> list[ActionStarted]:
        """The actions of which nobody knows the end: they go on, or who did them died."""
        ended = {one.record for one in self.actions}
        return [one for one in self.all(ActionStarted) if one.record not in ended]

    @property
    def notes(self) -> list[Noted]:
        return self.all(Noted)

    @property
    def messages(self) -> list[MessageSent]:
        return self.all(MessageSent)

    @property
    def report(self) -> Reported | None:
        """The last report."""
        return next(reversed(self.all(Reported)), None)

    @property
    def causes(self) -> list[str]:
        """The causes the runs have confirmed, each once, the latest first."""
        found = [cause for run in reversed(self.runs) for cause in run.confirmed]
        return list(dict.fromkeys(found))

    def lasted(self, now: datetime) -> timedelta | None:
        """How long it took, or takes already."""
        if self.opened is None:
            return None
        return (self.resolved.at if self.resolved else now) - self.opened.at

    def timeline(self) -> list[Event]:
        """The events by the time they happened, without the starts of what has an end."""
        runs, actions = ({one.record for one in ended} for ended in (self.runs, self.actions))
        begun = {one.record for one in self.acting}

        def told(event: Event) -> bool:
            match event:
                case RunStarted():
                    return event.record not in runs | begun
                case ActionStarted():
                    return event.record not in actions
                case RunEnded():
                    # What became of an action says more than that its notebook ended.
                    return event.record not in actions | begun
            return True

        return sorted(filter(told, self.events), key=lambda event: (event.at, event.n))
