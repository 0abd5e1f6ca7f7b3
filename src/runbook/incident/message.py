"""A message to others, filled in from what the incident already knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from runbook.catalog import Catalog
from runbook.errors import BadInput
from runbook.model import Variable
from runbook.model.incident import Incident, State
from runbook.render.incident_words import event_line
from runbook.render.notice import template_text
from runbook.render.record_list import moment
from runbook.render.words import lasting
from runbook.words import listed, nearest, say


def message(
    catalog: Catalog, incident: Incident, template: str, given: Mapping[str, str], now: datetime
) -> str:
    """The template with every blank filled in; what is given goes before what is known.

    Raises BadInput for a template or blank nobody knows, or an incident that was never opened.
    """
    known = catalog.templates.templates
    if template not in known:
        hint = nearest(template, list(known))
        raise BadInput(say("notify.no_template", name=template, known=listed(known), hint=hint))
    text = known[template]
    for name, value in given.items():
        if name not in text.blanks:
            hint = nearest(name, text.blanks)
            raise BadInput(say("notify.no_blank", name=name, known=listed(text.blanks), hint=hint))
        variable = catalog.templates.variables[name]
        if variable.options and value not in variable.options:
            raise BadInput(say("notify.no_option", name=name, known=listed(variable.options)))
    filled = {**known_of(catalog, incident, now), **given}
    return template_text(text, _complete(filled, catalog.templates.variables))


def known_of(catalog: Catalog, incident: Incident, now: datetime) -> dict[str, str]:
    """What the incident says for each blank, by its name in `data/templates.yml`."""
    opened = incident.opened
    if opened is None or incident.severity is None or incident.resolve is None:
        raise BadInput(say("incident.never_opened", name=incident.name))
    zone = catalog.rotation.tz
    over = incident.resolved
    impact = opened.impact or catalog.severities[opened.level.severity].impact
    if incident.severity in catalog.severities and not opened.impact:
        impact = catalog.severities[incident.severity].impact
    causes = listed(incident.causes[:3])
    options = catalog.templates.variables["status"].options if "status" in _names(catalog) else ()
    status = options[-1 if over else 0] if options else incident.state.value
    contact = catalog.contacts.get(opened.commander)
    reach = say("page.slash").join(filter(None, (contact.phone, contact.email))) if contact else ""
    # A day's end may be hours away, and nobody waits so long without a word.
    due = incident.resolve.due.astimezone(zone)
    return {
        "level": incident.severity,
        "scope": impact,
        "started": _at(opened.at, zone),
        "expected": _at(due, zone),
        "ended": _at(over.at, zone) if over else say("notify.not_over"),
        "lasted": lasting(incident.lasted(now)),
        "status": status,
        "owner": opened.commander_name,
        "reach": reach or say("notify.no_reach"),
        "details": say("notify.details", title=opened.title, causes=causes)
        if causes
        else opened.title,
        "progress": _progress(incident),
        "users": impact,
        "updates": say("notify.no_more") if over else say("notify.updates"),
        "solution": over.text
        if over
        else incident.mitigated.text
        if incident.mitigated
        else say("notify.not_over"),
        "cause": (over.cause if over else None) or causes or say("notify.cause_open"),
        "improvements": say("notify.improvements"),
    }


def _progress(incident: Incident) -> str:
    """What was told last: the end, the mitigation, else the latest action, cause or note."""
    if incident.resolved:
        return incident.resolved.text
    if incident.mitigated:
        return incident.mitigated.text
    if incident.actions:
        return event_line(incident.actions[-1])
    if incident.causes:
        return say("notify.found", causes=listed(incident.causes[:3]))
    if incident.notes:
        return incident.notes[-1].text
    if incident.runs:
        count = sum(one.action is None for one in incident.runs)
        return say("notify.not_found", count=count)
    started = incident.state is not State.OPEN
    return say("notify.at_work") if started else say("notify.just_opened")


def _names(catalog: Catalog) -> Mapping[str, Variable]:
    return catalog.templates.variables


def _at(at: datetime, zone: tzinfo) -> str:
    return moment(at.astimezone(zone))


def _complete(filled: dict[str, str], variables: Mapping[str, Variable]) -> dict[str, str]:
    """Every blank: one that only the data knows is left for a person, and marked."""
    return {
        name: filled.get(name) or say("notify.blank", hint=one.hint or name)
        for name, one in variables.items()
    }
