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


def kind_of(incident: Incident) -> str:
    """real, drill or test, as its name says."""
    return _KINDS.get(incident.name.partition("-")[0], "real")


def verdict_of(record: Record) -> str:
    """The verdict of the run in small letters, or what became of its action.

    It is incomplete for one that did not come to its end.
    """
    if record.action is not None:
        return record.action.outcome.value
    return record.diagnosis.verdict.lower() if record.diagnosis else "incomplete"


def filters(incidents: Iterable[Incident], records: Iterable[Record]) -> Markup:
    """The form with every choice that can be made; hidden until the script is there."""
    found, kept = list(incidents), list(records)
    kinds = sorted({kind_of(one) for one in found}, key=list(_KINDS.values()).index)
    verdicts = {verdict_of(one) for one in kept}
    fields = {
        "kind": {one: say(f"filter.{one}") for one in kinds},
        "severity": {one: one for one in sorted({one.severity for one in found if one.severity})},
        "scenario": dict(sorted({one.scenario: _scenario(one) for one in kept}.items())),
        "verdict": {one: _verdict(one) for one in sorted(verdicts)},
        "target": dict(sorted({one.target: one.target_title for one in kept}.items())),
    }
    return Markup(
        '<form class="rb-filter" hidden role="search" aria-label="{}">{}{}{}{}'
        '<button type="reset">{}</button>'
        '<p class="rb-note" role="status" data-told="{}" data-none="{}"></p></form>'
    ).format(
        say("filter.title"),
        join(_select(name, choices) for name, choices in fields.items() if choices),
        _input("since", "date"),
        _input("until", "date"),
        _input("text", "search"),
        say("filter.reset"),
        say("filter.told"),
        say("filter.none"),
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
