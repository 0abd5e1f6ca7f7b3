"""Vendors and channels as the site shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Channel, Contact, Item, Vendor
from runbook.render.html import Cell, items, join, mail, phone, table
from runbook.words import say


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


def ways_on(channels: Mapping[str, Channel]) -> Markup:
    """For every channel where to go on when it is down, in the order of trying; phones are last."""
    phones = Markup('<a href="#phones">{}</a>').format(say("page.call_people"))

    def order(one: Channel) -> Markup:
        ways = [*(_way(channels[name]) for name in one.fallback), phones]
        return Markup('<ol class="rb-steps">{}</ol>').format(
            join(Markup("<li>{}</li>").format(way) for way in ways)
        )

    down = "page.channel_down"
    return items((say(down, title=one.title), order(one)) for one in channels.values())


def call_list(contacts: Mapping[str, Contact]) -> Markup:
    """Whom one tap dials: everybody who has a phone."""
    return items(
        (
            one.name,
            Markup('{} <span class="rb-note rb-word">{}</span>').format(phone(one.phone), one.role),
        )
        for one in contacts.values()
        if one.phone
    )


def item_list(all_items: Iterable[Item]) -> Markup:
    """Every item as its name and its sentence."""
    return items((one.title, one.say) for one in all_items)


def _way(channel: Channel) -> Markup:
    return Markup("{} {}").format(channel.title, _address(channel))


def _address(channel: Channel) -> Cell:
    if channel.kind == "email":
        return mail(channel.address)
    return Markup('<span class="rb-word">{}</span>').format(channel.address)
