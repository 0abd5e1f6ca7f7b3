"""What the generator's own documents lack: words the page has not, and what a page is worth."""

from __future__ import annotations

from typing import Any

from runbook.catalog import Catalog
from runbook.model import Contact, Vendor

_REPEATED = 0.5
"""What stands here stands in full on a page of its own."""


def judged(catalog: Catalog, doc: dict[str, Any]) -> dict[str, Any]:
    """The document with the words people look for it by, and weaker where it only repeats."""
    page, _, section = doc["location"].partition("#")
    name = page.removesuffix(".html")
    slug = name.removeprefix("scenarios/")
    words = list(catalog.search.pages.get(name, ()))
    if slug in catalog.scenarios:
        words.append(catalog.scenarios[slug].symptom)
    if name == "contacts":
        people: list[Contact | Vendor] = [*catalog.contacts.values(), *catalog.vendors.values()]
        for one in people:
            phone = one.phone or ""
            words += filter(None, (one.name, phone, phone.replace("-", "")))
    judged = dict(doc)
    if words and not section:
        judged["words"] = words
    if name.endswith("index"):
        judged |= {"text": "", "boost": _REPEATED}  # lists of what is found at its own place
    if slug in catalog.scenarios and section in catalog.axes:
        judged["boost"] = _REPEATED
    return judged
