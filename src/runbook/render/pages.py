"""Severities and people as the site shows them: values in, escaped HTML out."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from runbook.model import Contact, Severity
from runbook.render.html import level, mail, phone, table
from runbook.render.words import within
from runbook.words import listed, say


def severity_table(severities: Mapping[str, Severity]) -> Markup:
    """Every level with all that is known of it."""
    rows = (
        (
            Markup("{} <b>{}</b> <small>{}</small>").format(level(name), one.title, one.label),
            one.impact,
            one.business,
            say("page.inside", duration=within(one.respond_within)),
            say("page.inside", duration=within(one.resolve_within)),
            listed(one.examples),
        )
        for name, one in severities.items()
    )
    heads = ("level", "impact_range", "business", "respond_time", "resolve_time", "examples")
    return table("severity", heads, rows)


def contacts_table(contacts: Mapping[str, Contact]) -> Markup:
    """The core team; a tap dials or writes."""
    rows = (
        (
            one.role,
            Markup("<b>{}</b>").format(one.name),
            phone(one.phone) if one.phone else say("page.none"),
            mail(one.email),
            one.slack,
        )
        for one in contacts.values()
    )
    return table("contacts", ("role", "name", "phone", "email", "slack"), rows)
