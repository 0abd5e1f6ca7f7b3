"""A scenario as the site shows it: what it means, what may cause it, what is asked, what to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Cause, Check, Command, NextStep, Scenario, Verdict
from runbook.render.html import command, items, join, level, table
from runbook.render.outputs import Outputs, printed
from runbook.words import listed, say

_FACTS = (
    (re.compile(r"\s*[（(][^（）()]*\{\w+\}[^（）()]*[）)]"), ""),
    (re.compile(r"\{\w+\}"), "…"),
    # A clause at the end that is only a number, an address or somebody else's message.
    (re.compile(r"([，；：,;:][^，；：,;:]*…\s?\S?)+$"), ""),
    # A fact at the beginning, unless it counts something.
    (re.compile(rf"^… (?!{say('page.counter')})"), ""),
)
"""What turns the sentence of a finding into words without its facts."""


def run_command(slug: str, target: str) -> Markup:
    """The one command that diagnoses the scenario."""
    return command(shlex.join(["runbook", "run", slug, "--target", target]))


def scenario_card(slug: str, scenario: Scenario, target: str, page: str) -> Markup:
    """What one sees, what to run, and where to read on."""
    if scenario.checks:
        run = run_command(slug, target)
    else:
        by_hand = say("page.by_hand", causes=len(scenario.causes))
        run = Markup('<p class="rb-note">{}</p>').format(by_hand)
    return Markup(
        '<div class="rb-card"><p class="rb-symptom"><a href="{}">{}</a></p>'
        "<p>{}<span>{}</span></p>{}</div>"
    ).format(page, scenario.title, *_first_clause(scenario.symptom), run)


def _first_clause(text: str) -> tuple[str, str]:
    """What is seen first, all that a small screen has room for, and the rest."""
    ends = (text.find(say(f"between.{mark}")) for mark in ("pause", "clause"))
    end = min((at for at in ends if at > 0), default=len(text))
    return text[:end], text[end:]


def paragraph(text: str) -> Markup:
    """A sentence of the data, as it stands."""
    return Markup("<p>{}</p>").format(text)


def causes_table(
    causes: Mapping[str, Cause],
    checks: Mapping[str, Check],
    steps: Mapping[str, Iterable[NextStep]],
    titles: Mapping[str, str],
    people: Mapping[str, str],
) -> Markup:
    """Every cause with the signals that speak for and against it, and its next steps.

    Where no cause has signals, the columns for them are left out.  `titles` are those of the
    scenarios, `people` the names of whom a cause may tell.
    """
    rows = (
        (
            Markup('<b id="{}">{}</b>').format(name, cause.title),
            _signals(cause.needs, checks),
            _signals(cause.excluded_by, checks),
            level(cause.severity),
            steps_list(steps[name]) + _beyond(cause, titles, people),
        )
        for name, cause in causes.items()
    )
    heads = ("cause", "needs", "excluded_by", "level", "next")
    # Each cause is in the search by itself, at its own place.
    if any(cause.needs for cause in causes.values()):
        return table("causes", heads, rows, searched=False)
    guesses = (row[:1] + row[3:] for row in rows)
    return table("guesses", heads[:1] + heads[3:], guesses, searched=False)


def _beyond(cause: Cause, titles: Mapping[str, str], people: Mapping[str, str]) -> Markup:
    """Where the cause leads, and who else must hear of it."""
    parts = Markup()
    if cause.belongs_to:
        parts += Markup('<p class="rb-note">{}<a href="{}.html">{}</a></p>').format(
            say("page.belongs_to"), cause.belongs_to, titles[cause.belongs_to]
        )
    if cause.tell:
        told = listed(people[name] for name in cause.tell)
        parts += Markup('<p class="rb-note">{}{}{}</p>').format(
            say("page.tell"), say("page.colon"), told
        )
    return parts


def steps_list(steps: Iterable[NextStep]) -> Markup:
    """The steps in order, each with its command where there is one."""
    lines = join(
        Markup("<li>{}{}</li>").format(step.say, command(step.command) if step.command else "")
        for step in steps
    )
    return Markup('<ol class="rb-steps">{}</ol>').format(lines)


def error_list(causes: Mapping[str, Cause]) -> Markup:
    """What the stack prints, under the cause it speaks for; the search has both by the cause."""
    pairs = (
        (
            Markup('<a href="#{}">{}</a>').format(name, cause.title),
            join(Markup("<code>{}</code>").format(text) for text in cause.errors),
        )
        for name, cause in causes.items()
        if cause.errors
    )
    found = items(pairs, searched=False)
    return Markup('<div class="rb-errors">{}</div>').format(found)


def checks_table(names: Iterable[str], checks: Mapping[str, Check]) -> Markup:
    """What is asked, in the order of asking, and the answer of a healthy system."""
    rows = (
        (
            Markup("<b>{}</b>").format(checks[name].title),
            checks[name].question,
            checks[name].expectation,
        )
        for name in names
    )
    return table("checks", ("check", "question", "expected"), rows)


def commands(all_commands: Iterable[Command], outputs: Outputs) -> Markup:
    """The commands to type by hand, each under what it is for and above what it really printed."""
    return join(
        Markup('<p class="rb-say">{}</p>{}{}').format(
            one.say, command(one.line), printed(one.line, outputs)
        )
        for one in all_commands
    )


def signal_words(ref: str, checks: Mapping[str, Check]) -> tuple[str, str]:
    """The title of the check and what it reports, without the facts that only a run knows."""
    name, _, signal = ref.partition(".")
    check = checks[name]
    if check.signals[signal].verdict is Verdict.PASS:
        return check.title, check.expectation
    sentence = check.signals[signal].observed
    for pattern, instead in _FACTS:
        sentence = pattern.sub(instead, sentence)
    return check.title, sentence


def _signals(refs: Iterable[str], checks: Mapping[str, Check]) -> Markup:
    found = join(
        Markup('<li title="{}"><b>{}</b>{}{}</li>').format(ref, title, say("page.colon"), words)
        for ref in refs
        for title, words in [signal_words(ref, checks)]
    )
    return Markup('<ul class="rb-signals">{}</ul>').format(found) if found else Markup()
