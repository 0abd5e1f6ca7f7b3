"""The rules of duty and who is away, as the site shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Contact, Leave, Rule
from runbook.render.duty import days, weekday
from runbook.render.html import join, phone, table
from runbook.words import say


def rotation(rules: Iterable[Rule], contacts: Mapping[str, Contact]) -> Markup:
    """Each rule in one sentence and a table of its weeks, in the order in which they begin."""
    return join(
        Markup("<p>{}</p>{}").format(_sentence(rule), _weeks(rule, contacts)) for rule in rules
    )


def leave_list(leave: Iterable[Leave], contacts: Mapping[str, Contact]) -> Markup:
    """Who is away and when; a sentence where nobody is."""
    lines = join(
        Markup("<li>{}</li>").format(
            say(
                "page.leave",
                name=contacts[one.person].name,
                days=days(one.first, one.last),
                why=one.why,
            )
        )
        for one in leave
    )
    if not lines:
        return Markup("<p>{}</p>").format(say("page.no_leave"))
    return Markup("<ul>{}</ul>").format(lines)


def _weeks(rule: Rule, contacts: Mapping[str, Contact]) -> Markup:
    rows = (
        (
            say("page.week", number=number),
            contacts[duty.primary].name,
            contacts[duty.secondary].name,
            join(
                (
                    _numbered("main", contacts[duty.primary]),
                    _numbered("deputy", contacts[duty.secondary]),
                ),
                Markup("<br>"),
            ),
        )
        for number, duty in enumerate(rule.weeks, 1)
    )
    return table("rotation", ("week_no", "primary", "secondary", "reach"), rows)


def _sentence(rule: Rule) -> str:
    until = say("page.rule_until", until=rule.until.isoformat()) if rule.until else ""
    return say(
        "page.rule",
        weeks=len(rule.weeks),
        start=rule.start.isoformat(),
        until=until,
        day=weekday(rule.start.weekday()),
        time=rule.handover.strftime("%H:%M"),
        zone=rule.zone,
    )


def _numbered(role: str, contact: Contact) -> Markup:
    return Markup("{}: {}").format(say(f"page.{role}"), phone(contact.phone or ""))
