"""Links to files that stand beside the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.render.html import join
from runbook.words import say


def file_list(files: Iterable[tuple[str, str]]) -> Markup:
    """The files by their address, each under its name."""
    links = (Markup('<li><a href="{}">{}</a></li>').format(*one) for one in files)
    return Markup('<ul class="rb-files">{}</ul>').format(join(links))


def card_grid(people: Mapping[str, str]) -> Markup:
    """Everybody's code to scan and card to keep, by id and name, and all cards in one."""
    cards = (
        Markup(
            '<figure><img src="contacts/{0}.svg" alt="{1}" width="200" height="200">'
            '<figcaption><a href="contacts/{0}.vcf">{2}</a></figcaption></figure>'
        ).format(name, say("card.code", name=person), person)
        for name, person in people.items()
    )
    return Markup('<div class="rb-codes">{}</div>{}').format(
        join(cards), file_list([("contacts.vcf", say("card.everybody"))])
    )
