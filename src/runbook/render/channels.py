"""Vendors and channels as the site shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Channel, Item, Vendor
from runbook.render.html import Cell, items, mail, phone, table


def vendors_table(vendors: Mapping[str, Vendor]) -> Markup:
    """The support of every service we depend on; a tap dials or writes.  Nothing for none."""
    rows = (
        (
            Markup("<b>{}</b>").format(one.name),
            one.contact,
            phone(one.phone),
            mail(one.email),
            one.service,
        )
        for one in vendors.values()
    )
    if not vendors:
        return Markup()
    return table("contacts", ("vendor", "contact", "phone", "email", "service"), rows)


def channel_list(channels: Mapping[str, Channel]) -> Markup:
    """Where the team speaks."""
    return items((one.title, _address(one)) for one in channels.values())


def item_list(all_items: Iterable[Item]) -> Markup:
    """Every item as its name and its sentence."""
    return items((one.title, one.say) for one in all_items)


def _address(channel: Channel) -> Cell:
    if channel.kind == "email":
        return mail(channel.address)
    return Markup('<span class="rb-word">{}</span>').format(channel.address)
