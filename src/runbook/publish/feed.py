"""The incidents as an Atom feed (RFC 4287): an entry for each, changed when something was told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from runbook.publish.shelf import Shelf
from runbook.publish.write import write
from runbook.records.incident import incident_of
from runbook.render.incident_words import event_line
from runbook.words import listed, say

LATEST = 50
_ATOM = "http://www.w3.org/2005/Atom"
_NOTHING_YET = "1970-01-01T00:00:00Z"
# What XML 1.0 cannot hold, not even escaped.
_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def publish_feed(records: Path, site: Path, shelf: Shelf | None = None) -> None:
    """`records/feed.atom`: the incidents that somebody opened, the last told of first."""
    shelf = shelf or Shelf(records, site / "records")
    told = (shelf.of(folder, "feed", tell_entry) for folder in shelf.folders)
    write(site / "records" / "feed.atom", feed(one for one in told if one))


def feed(told: Iterable[Mapping[str, str]]) -> bytes:
    """The feed of these entries; the same events give the same bytes."""
    entries = sorted(told, key=lambda one: (one["updated"], one["name"]), reverse=True)
    root = Xml.Element("feed", xmlns=_ATOM)
    _text(root, "id", _id("incidents"))
    _text(root, "title", say("feed.title"))
    _text(Xml.SubElement(root, "author"), "name", say("feed.author"))
    _text(root, "updated", entries[0]["updated"] if entries else _NOTHING_YET)
    Xml.SubElement(root, "link", rel="self", href="feed.atom")
    Xml.SubElement(root, "link", rel="alternate", type="text/html", href="index.html")
    for one in entries[:LATEST]:
        _entry(Xml.SubElement(root, "entry"), one)
    Xml.indent(root)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def tell_entry(folder: Path) -> dict[str, str] | None:
    """What the feed tells of the incident, its times in UTC; None where nobody opened it."""
    incident = incident_of(folder)
    opened = incident.opened
    if opened is None:
        return None
    state = say(f"incident.state_{incident.state}")
    last = event_line(incident.timeline()[-1])
    facts = (incident.name, listed(incident.causes), last)
    return {
        "name": incident.name,
        "title": say("feed.entry", state=state, severity=incident.severity, title=opened.title),
        "published": _time(opened.at),
        "updated": _time(max(event.written or event.at for event in incident.events)),
        "kind": opened.kind,
        "summary": say("page.dot").join(filter(None, facts)),
    }


def _entry(entry: Xml.Element, told: Mapping[str, str]) -> None:
    _text(entry, "id", _id(told["name"]))
    for name in ("title", "published", "updated"):
        _text(entry, name, told[name])
    Xml.SubElement(entry, "link", type="text/html", href=f"{told['name']}/index.html")
    Xml.SubElement(entry, "category", term=told["kind"])
    _text(entry, "summary", told["summary"])


def _id(name: str) -> str:
    """A name for ever: the site has no address of its own that would do."""
    return uuid5(NAMESPACE_URL, f"runbook.aura-flow/records/{name}").urn


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = _NEVER.sub("\N{REPLACEMENT CHARACTER}", text)
