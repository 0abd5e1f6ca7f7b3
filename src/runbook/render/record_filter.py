"""What narrows the list of records: choices the script of the page compares with each entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Outcome, Record
from runbook.model.action import REMEDIATION
from runbook.model.incident import Incident
from runbook.render.html import join
from runbook.words import say

_KINDS = {"INC": "real", "DRILL": "drill", "TEST": "test"}
_FIELDS = ("kind", "severity", "scenario", "verdict", "target")


def kind_of(name: str) -> str:
    """real, drill or test, as the name of the incident says."""
    return _KINDS.get(name.partition("-")[0], "real")


def month_of(incident: str) -> str:
    """The month an incident was opened in, as its name has it: `2026-11`."""
    day = incident.partition("-")[2]
    return f"{day[:4]}-{day[4:6]}"


def verdict_of(record: Record) -> str:
    """The verdict of the run in small letters, or what became of its action.

    It is incomplete for one that did not come to its end.
    """
    if record.action is not None:
        return record.action.outcome.value
    return record.diagnosis.verdict.lower() if record.diagnosis else "incomplete"


def choices(incident: Incident, records: Iterable[Record]) -> dict[str, dict[str, str]]:
    """By field of the filter, the values the incident and its records have, with their words."""
    kept, severity = list(records), incident.severity
    return {
        "kind": {kind_of(incident.name): ""},
        "severity": {severity: severity} if severity else {},
        "scenario": {one.scenario: _scenario(one) for one in kept},
        "verdict": {one: _verdict(one) for one in {verdict_of(one) for one in kept}},
        "target": {one.target: one.target_title for one in kept},
    }


def merged(many: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, dict[str, str]]:
    """The choices of all of them, in the order in which they are offered."""
    found: dict[str, dict[str, str]] = {name: {} for name in _FIELDS}
    for one in many:
        for name in _FIELDS:
            found[name].update(one[name])
    kinds = {one: say(f"filter.{one}") for one in _KINDS.values() if one in found["kind"]}
    return {**{name: dict(sorted(of.items())) for name, of in found.items()}, "kind": kinds}


def filters(offered: Mapping[str, Mapping[str, str]], count: int) -> Markup:
    """The form with every choice that can be made; hidden until the script is there.

    `count` is the number of records there are to choose from.
    """
    return Markup(
        '<form class="rb-filter" hidden role="search" aria-label="{}" data-all="{}">{}{}{}{}'
        '<button type="reset">{}</button>'
        '<p class="rb-note" role="status" data-told="{}" data-some="{}" data-none="{}"></p>'
        '<button type="button" name="older" hidden>{}</button></form>'
    ).format(
        say("filter.title"),
        count,
        join(_select(name, values) for name, values in offered.items() if values),
        _input("since", "date"),
        _input("until", "date"),
        _input("text", "search"),
        say("filter.reset"),
        say("filter.told"),
        say("filter.some"),
        say("filter.none"),
        say("filter.older"),
    )


def _scenario(record: Record) -> str:
    return say("filter.action") if record.scenario == REMEDIATION else record.title


def _verdict(verdict: str) -> str:
    if verdict in list(Outcome):
        return say(f"outcome.{verdict}")
    return say("page.incomplete") if verdict == "incomplete" else say(f"verdict.{verdict}")


def _select(name: str, choices: Mapping[str, str]) -> Markup:
    options = join(
        Markup('<option value="{}">{}</option>').format(value, text)
        for value, text in choices.items()
    )
    return Markup(
        '<label>{} <select name="{}"><option value="">{}</option>{}</select></label>'
    ).format(say(f"filter.{name}"), name, say("filter.all"), options)


def _input(name: str, kind: str) -> Markup:
    return Markup('<label>{} <input name="{}" type="{}"></label>').format(
        say(f"filter.{name}"), name, kind
    )
