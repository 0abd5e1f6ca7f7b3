"""Duty as calendars to subscribe to: everybody's, each role's, each person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from runbook.catalog import Catalog
from runbook.model import ROLES, Contact, Rotation
from runbook.oncall import HORIZON, Turn, turns
from runbook.oncall.timeline import handover
from runbook.publish.write import fill, write
from runbook.render.duty import change_line
from runbook.render.files import file_list
from runbook.words import say

_KEPT = timedelta(weeks=5)  # a calendar that was away for a month still learns what was cancelled
_REFRESH = timedelta(hours=1)


def publish_calendars(catalog: Catalog, site: Path, now: datetime) -> None:
    """`oncall.ics`, `oncall-<role>.ics` and `oncall/<person>.ics`, and the links to them.

    Nothing in them is of the time of the build but how far they reach, so they change only where
    duty does.
    """
    told = list(turns(catalog.roster, now - _KEPT, now + HORIZON))
    people = {name: one for name, one in catalog.contacts.items() if _of(told, "person", name)}
    feeds = [
        ("oncall.ics", say("calendar.all"), told),
        *((f"oncall-{role}.ics", say(f"page.{role}"), _of(told, "role", role)) for role in ROLES),
        *(
            (f"oncall/{name}.ics", one.name, _of(told, "person", name))
            for name, one in people.items()
        ),
    ]
    for gone in {one.stem for one in (site / "oncall").glob("*.ics")} - people.keys():
        (site / "oncall" / f"{gone}.ics").unlink()
    # A calendar without an entry is not one: where nobody is on duty any more there is none.
    for file, title, entries in feeds:
        if entries:
            write(site / file, calendar(title, entries, catalog.contacts, catalog.rotation))
    links = [(file, title) for file, title, entries in feeds if entries]
    fill(site / "oncall.html", "calendars", file_list(links) if links else "")


def calendar(
    title: str, told: Iterable[Turn], contacts: Mapping[str, Contact], rotation: Rotation
) -> bytes:
    """The turns as iCalendar (RFC 5545); what was given up is cancelled there."""
    made = Calendar()
    made.add("prodid", "-//Aura Flow//incident runbook//ZH")
    made.add("version", "2.0")
    made.calendar_name = say("calendar.name", title=title)
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    # What holds comes after what was given up under the same key, and is the last word on it.
    entries = {turn.key: turn for turn in told}.values()
    for turn in sorted(entries, key=lambda one: (one.since, one.key)):
        made.add_component(_event(turn, contacts, rotation))
    written: bytes = made.to_ical()
    return written


def _event(turn: Turn, contacts: Mapping[str, Contact], rotation: Rotation) -> Event:
    rule = rotation.rule_on(turn.since.date())
    changes = [change_line(one, contacts) for one in turn.changes]
    event = Event()
    event.add("uid", f"{turn.key}@runbook.aura-flow")
    event.add("sequence", turn.revision)
    # When the rule decided it; later changes count in the sequence, which is compared first.
    event.add("dtstamp", handover(rule, rule.start))
    event.add("dtstart", turn.since.astimezone(UTC))
    event.add("dtend", turn.until.astimezone(UTC))
    event.add("summary", f"{say(f'page.{turn.role}')} {contacts[turn.person].name}")
    event.add("description", "\n".join((*changes, say("calendar.late"))))
    event.add("status", "CANCELLED" if turn.given_up else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _of(told: Iterable[Turn], field: str, value: str) -> list[Turn]:
    return [turn for turn in told if getattr(turn, field) == value]
