"""A card can be kept by a phone: scanned from the page, or opened as a file."""

from __future__ import annotations

import io
from typing import Any

import pytest
import vobject
import zxingcpp
from handmade import Built
from PIL import Image

from runbook.catalog import load
from runbook.model import Contact
from runbook.publish.cards import card
from tests.conftest import ROOT

CATALOG = load(ROOT)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_code_on_the_page_scans_as_the_card_of_its_person(
    browser: Any, built: Built, scheme: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((built.site / "contacts.html").as_uri())
    codes = page.locator(".rb-codes figure")
    assert codes.count() == len(CATALOG.contacts)
    for code, name in zip(codes.all(), CATALOG.contacts, strict=True):
        seen = Image.open(io.BytesIO(code.locator("img").screenshot()))
        (read,) = zxingcpp.read_barcodes(seen)
        assert read.format == zxingcpp.BarcodeFormat.QRCode
        file = built.site / "contacts" / f"{name}.vcf"
        assert read.bytes == file.read_bytes()
        assert code.get_by_role("link").get_attribute("href") == f"contacts/{name}.vcf"
    page.close()


def test_the_cards_are_read_whole_by_a_library_that_did_not_write_them(built: Built) -> None:
    text = (built.site / "contacts.vcf").read_bytes().decode()
    read = {one.fn.value: one for one in vobject.readComponents(text, validate=True)}
    assert len(read) == len(CATALOG.contacts) + len(CATALOG.vendors)
    for person in CATALOG.contacts.values():
        found = read[person.name]
        assert found.tel.value == person.phone.replace("-", "")
        assert found.tel.type_param == "CELL"
        assert (found.email.value, found.title.value) == (person.email, person.role)
        assert found.n.value.family == person.name
    for vendor in CATALOG.vendors.values():
        found = read[f"{vendor.name} {vendor.contact}"]
        assert found.tel.value == vendor.phone.replace("-", "")
        assert found.org.value == [vendor.name]


def test_a_name_is_a_name_whatever_is_in_it() -> None:
    name = "张;三,\\四\nTEL:+1\r\nEND:VCARD"
    person = Contact(name=name, role=name, phone=None, email="a@b.c", slack="@a")
    (read,) = vobject.readComponents(card(person), validate=True)
    assert read.fn.value == read.title.value == read.n.value.family == name.replace("\r", "")
    assert "tel" not in read.contents
