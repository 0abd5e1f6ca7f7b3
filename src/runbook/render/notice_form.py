"""A template of a message as a form: what only a person can say, what is known, and the copies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Contact, Scenario, Severity, Template, Variable
from runbook.render.duty import Shift
from runbook.render.html import join
from runbook.render.words import iso
from runbook.words import say

COPIES = ("slack", "wecom", "dingtalk", "feishu", "mail", "sms")
OPENED = ("mailto", "smsto")
_INPUTS = {"moment": "datetime-local", "duration": "text", "text": "text"}


def notice_form(
    name: str,
    template: Template,
    variables: Mapping[str, Variable],
    severities: Mapping[str, Severity],
    scenarios: Mapping[str, Scenario],
) -> Markup:
    """The form of the template, for a page whose scripts run; the text follows it.

    A scenario whose first message this is has an address that fills it in: `#scenario=slug`.
    """
    fields = {
        blank: _field(name, template, blank, variables[blank], severities)
        for blank in template.blanks
    }
    left = [blank for blank in fields if _left_to_a_person(variables[blank])]
    known = join(field for blank, field in fields.items() if blank not in left)
    message = {"text": template.text.strip(), "subject": template.subject, "short": template.short}
    return Markup(
        '<form class="rb-form" data-template="{}" data-message="{}" novalidate>'
        '<p class="rb-note">{}</p><div class="rb-fields">{}{}</div>'
        '<details class="rb-known"><summary>{}</summary><div class="rb-fields">{}</div></details>'
        "</form>"
    ).format(
        name,
        json.dumps(message, ensure_ascii=False),
        say("page.form_hint"),
        _scenario(name, scenarios),
        join(fields[blank] for blank in left),
        say("page.form_known"),
        known,
    )


def copies(name: str, mailbox: str | None) -> Markup:
    """Below the text: a button for each way to send it, for a page whose scripts run."""
    words = {
        key: say(f"page.form_{key}", **{fact: f"{{{fact}}}" for fact in facts})
        for key, facts in (
            ("copied", ("where",)),
            ("missing", ("names", "blank")),
            ("blank", ()),
            ("size", ("count", "parts")),
            ("subject", ("subject",)),
        )
    }
    words["failed"] = say("page.no_clipboard")
    words["item"] = say("between.item")
    return Markup(
        '<div class="rb-copies" data-for="{}" data-words="{}" data-mailbox="{}">'
        '<div role="group" aria-label="{}"><span>{}</span>{}</div>'
        '<div role="group" aria-label="{}"><span>{}</span>{}</div>'
        '<p class="rb-done" role="status"></p></div>'
    ).format(
        name,
        json.dumps(words, ensure_ascii=False),
        mailbox or "",
        say("page.form_copy"),
        say("page.form_copy"),
        _buttons(COPIES),
        say("page.form_open"),
        say("page.form_open"),
        _buttons(OPENED),
    )


def known_now(shifts: Iterable[Shift], contacts: Mapping[str, Contact], zone: str) -> Markup:
    """What the forms of a page share: who is on duty when, and how times and durations are said."""
    duty = [
        {
            "since": shift.since.isoformat(),
            "until": shift.until.isoformat(),
            "primary": who.name,
            "reach": say("page.slash").join(filter(None, (who.phone, who.email))),
        }
        for shift in shifts
        for who in [contacts[shift.primary]]
    ]
    words = {
        "lasted": say("duration.hours_minutes", hours="{hours}", minutes="{minutes}"),
        "next": say("page.form_next", time="{time}"),
    }
    return Markup(
        '<div id="rb-known-now" data-zone="{}" data-duty="{}" data-words="{}"></div>'
    ).format(zone, json.dumps(duty, ensure_ascii=False), json.dumps(words, ensure_ascii=False))


def _left_to_a_person(variable: Variable) -> bool:
    return not (variable.known or variable.initially or variable.kind == "choice")


def _buttons(names: Iterable[str]) -> Markup:
    return join(
        Markup('<button type="button" class="md-button" data-format="{}">{}</button>').format(
            name, say(f"page.form_{name}")
        )
        for name in names
    )


def _field(
    form: str,
    template: Template,
    blank: str,
    variable: Variable,
    severities: Mapping[str, Severity],
) -> Markup:
    label = template.label(blank)
    if variable.kind == "level":
        control = _select(form, blank, _levels(severities), say("page.form_choose"))
    elif variable.kind == "choice":
        options = (Markup("<option>{}</option>").format(one) for one in variable.options)
        control = _select(form, blank, join(options), None)
    else:
        control = _input(form, template, blank, variable)
    return _labelled(form, blank, label, control)


def _input(form: str, template: Template, blank: str, variable: Variable) -> Markup:
    """A line, or a box where the text gives the blank a line of its own."""
    own_line = f"{{{blank}}}" in template.text.splitlines()
    attributes = Markup('id="{}-{}" name="{}" data-known="{}"').format(
        form, blank, blank, variable.known or ""
    )
    if variable.hint:
        attributes += Markup(' placeholder="{}"').format(variable.hint)
    if own_line:
        return Markup('<textarea rows="2" {}>{}</textarea>').format(
            attributes, variable.initially or ""
        )
    return Markup('<input type="{}" {} value="{}"{}>').format(
        _INPUTS[variable.kind],
        attributes,
        variable.initially or "",
        Markup(' step="1"') if variable.kind == "moment" else "",
    )


def _select(form: str, blank: str, options: Markup, nothing: str | None) -> Markup:
    first = "" if nothing is None else Markup('<option value="">{}</option>').format(nothing)
    return Markup('<select id="{}-{}" name="{}">{}{}</select>').format(
        form, blank, blank, first, options
    )


def _levels(severities: Mapping[str, Severity]) -> Markup:
    return join(
        Markup(
            '<option value="{0}" data-impact="{1}" data-due="{2}" data-every="{3}">{0} {4}</option>'
        ).format(key, one.impact, iso(one.resolve_within), iso(one.update_every), one.title)
        for key, one in severities.items()
    )


def _scenario(form: str, scenarios: Mapping[str, Scenario]) -> Markup:
    options = join(
        Markup('<option{} value="{}" data-fill="{}">{}</option>').format(
            Markup(' id="scenario={}"').format(slug) if one.notice.template == form else "",
            slug,
            json.dumps(one.notice.fill, ensure_ascii=False),
            one.title,
        )
        for slug, one in scenarios.items()
    )
    control = _select(form, "scenario", options, say("page.form_no_scenario"))
    return _labelled(form, "scenario", say("page.form_scenario"), control)


def _labelled(form: str, blank: str, label: str, control: Markup) -> Markup:
    return Markup('<div class="rb-field"><label for="{}-{}">{}</label>{}</div>').format(
        form, blank, label, control
    )
