"""Everybody's number for the phone that will need it: vCards, and codes to scan them from."""

from __future__ import annotations

from pathlib import Path

from runbook.catalog import Catalog
from runbook.model import Contact, Vendor
from runbook.model.people import e164
from runbook.publish.write import fill, write
from runbook.render.files import card_grid
from runbook.render.qr import qr_file
from runbook.words import say

_ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": "", ";": r"\;", ",": r"\,"})


def publish_cards(catalog: Catalog, site: Path) -> None:
    """`contacts.vcf` of everybody and the vendors, `contacts/<person>.vcf`, and `.svg` of its code.

    What is scanned is the card itself, so it needs no network either.
    """
    cards = {name: card(person) for name, person in catalog.contacts.items()}
    vendors = [card(vendor) for vendor in catalog.vendors.values()]
    folder = site / "contacts"
    if folder.is_dir():
        for file in folder.iterdir():
            if file.stem not in cards:
                file.unlink()
    write(site / "contacts.vcf", "".join((*cards.values(), *vendors)))
    for name, text in cards.items():
        write(folder / f"{name}.vcf", text)
        write(folder / f"{name}.svg", qr_file(text))
    names = {name: person.name for name, person in catalog.contacts.items()}
    fill(site / "contacts.html", "cards", card_grid(names))


def card(of: Contact | Vendor) -> str:
    """The vCard of RFC 2426, version 3.0, which phones of every age import."""
    if isinstance(of, Vendor):
        name, team, title, kind = f"{of.name} {of.contact}", of.name, of.service, "WORK"
    else:
        name, team, title, kind = of.name, say("card.team"), of.role, "CELL"
    name, team, title, mail = (one.translate(_ESCAPED) for one in (name, team, title, of.email))
    # The data has names whole: which part of one is the family's it does not say.
    lines = [f"N:{name};;;;", f"FN:{name}", f"ORG:{team}", f"TITLE:{title}", f"EMAIL:{mail}"]
    if of.phone:
        lines.insert(0, f"TEL;TYPE={kind}:{e164(of.phone)}")
    return "".join(f"{line}\r\n" for line in ("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD"))
