"""The incidents as an Atom feed (RFC 4287): an entry for each, changed when something was told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from runbook.model.event import Opened
from runbook.model.incident import Incident
from runbook.publish.incidents import incidents
from runbook.publish.write import write
from runbook.render.incident_words import event_line
from runbook.words import listed, say

LATEST = 50
_ATOM = "http://www.w3.org/2005/Atom"
_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot hold, not even escaped.
_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def publish_feed(records: Path, site: Path) -> None:
    """`records/feed.atom`: the incidents that somebody opened, the last told of first."""
    write(site / "records" / "feed.atom", feed(incidents(records)))


def feed(known: Iterable[Incident]) -> bytes:
    """The feed; the same events give the same bytes."""
    entries = [(one, one.opened) for one in known if one.opened]
    entries.sort(key=lambda entry: (_told(entry[0]), entry[0].name), reverse=True)
    root = Xml.Element("feed", xmlns=_ATOM)
    _text(root, "id", _id("incidents"))
    _text(root, "title", say("feed.title"))
    _text(Xml.SubElement(root, "author"), "name", say("feed.author"))
    _text(root, "updated", _time(_told(entries[0][0]) if entries else _NOTHING_YET))
    Xml.SubElement(root, "link", rel="self", href="feed.atom")
    Xml.SubElement(root, "link", rel="alternate", type="text/html", href="index.html")
    for incident, opened in entries[:LATEST]:
        _entry(Xml.SubElement(root, "entry"), incident, opened)
    Xml.indent(root)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(entry: Xml.Element, incident: Incident, opened: Opened) -> None:
    state = say(f"incident.state_{incident.state}")
    title = say("feed.entry", state=state, severity=incident.severity, title=opened.title)
    _text(entry, "id", _id(incident.name))
    _text(entry, "title", title)
    _text(entry, "published", _time(opened.at))
    _text(entry, "updated", _time(_told(incident)))
    Xml.SubElement(entry, "link", type="text/html", href=f"{incident.name}/index.html")
    Xml.SubElement(entry, "category", term=opened.kind)
    last = event_line(incident.timeline()[-1])
    facts = (incident.name, listed(incident.causes), last)
    _text(entry, "summary", say("page.dot").join(filter(None, facts)))


def _told(incident: Incident) -> datetime:
    """When something was last said of it."""
    return max(event.written or event.at for event in incident.events)


def _id(name: str) -> str:
    """A name for ever: the site has no address of its own that would do."""
    return uuid5(NAMESPACE_URL, f"runbook.aura-flow/records/{name}").urn


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = _NEVER.sub("\N{REPLACEMENT CHARACTER}", text)
