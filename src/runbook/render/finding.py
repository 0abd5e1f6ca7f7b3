"""Findings and diagnoses as people read them in a notebook: HTML where it shows, text elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from html import escape

from pydantic import JsonValue

from runbook.model import CauseState, Diagnosis, Evidence, Finding, JudgedCause, Verdict
from runbook.words import listed, say

_STATES = (
    CauseState.CONFIRMED,
    CauseState.PROBABLE,
    CauseState.NOT_TESTED,
    CauseState.RULED_OUT,
)
# A record has a style sheet of its own; these are for JupyterLab, which aligns cells right.
_LEFT = 'style="text-align:left;vertical-align:top"'
_COLOURS = {
    Verdict.PASS: "#2e7d32",
    Verdict.WARN: "#b26a00",
    Verdict.UNKNOWN: "#7b3fa0",
    Verdict.FAIL: "#c62828",
}
_CAUSE_HEADS = ("state", "cause", "why")
_HEADS = ("verdict", "question", "expected", "observed")
MARKS = {Verdict.PASS: "✓", Verdict.WARN: "!", Verdict.UNKNOWN: "?", Verdict.FAIL: "✗"}


def findings_html(findings: Iterable[Finding]) -> str:
    """A table of findings: the question, what was expected, beside it what was observed."""
    rows = "".join(
        f'<tr class="finding verdict-{finding.verdict.lower()}">'
        + _cell(_badge(finding.verdict))
        + _cell(escape(finding.question))
        + _cell(escape(finding.expected), "expected")
        + _cell(escape(finding.observed), "observed")
        + "</tr>"
        for finding in findings
    )
    return _table("findings", (say(f"finding.{head}") for head in _HEADS), rows)


def findings_text(findings: Iterable[Finding]) -> str:
    """The findings as lines for a terminal."""
    return "\n".join(
        f"{MARKS[finding.verdict]} {finding.title}\n"
        f"    {say('finding.expected')}  {finding.expected}\n"
        f"    {say('finding.observed')}  {finding.observed}"
        for finding in findings
    )


def diagnosis_html(
    diagnosis: Diagnosis,
    checks: Mapping[str, str],
    scenarios: Mapping[str, str],
    deadlines: str,
    calls: Iterable[str],
    zone: tzinfo,
) -> str:
    """The conclusion: causes with their signals, what to do next, how urgent, whom to call.

    `checks` and `scenarios` are titles by name; `deadlines` is a sentence, `calls` say whom to
    call; times are shown in `zone`.
    """
    parts = [
        f'<p class="headline">{_badge(diagnosis.verdict)} '
        f"<strong>{escape(headline(diagnosis))}</strong></p>"
    ]
    causes = [cause for state in _STATES for cause in diagnosis.in_state(state)]
    rows = "".join(_cause_row(cause, checks, scenarios) for cause in causes)
    parts.append(_table("causes", (say(f"cause.{head}") for head in _CAUSE_HEADS), rows))
    if diagnosis.next:
        steps = "".join(
            f"<li>{escape(step.say)}"
            + (f"<pre><code>{escape(step.command)}</code></pre>" if step.command else "")
            + "</li>"
            for step in diagnosis.next
        )
        parts.append(f'<h3>{say("finding.next")}</h3><ol class="next">{steps}</ol>')
    if deadlines:
        parts.append(f'<p class="deadlines">{escape(deadlines)}</p>')
    parts += [f'<p class="on-call">{escape(call)}</p>' for call in calls]
    if diagnosis.evidence:
        seen = "".join(evidence_html(one, zone) for one in diagnosis.evidence)
        parts.append(f'<h3>{say("evidence.title")}</h3><div class="evidence">{seen}</div>')
    return f'<div class="diagnosis">{"".join(parts)}</div>'


def evidence_html(one: Evidence, zone: tzinfo) -> str:
    """Everything a probe saw, folded: what a doubter reads."""
    summary = say(
        "evidence.summary",
        probe=one.probe,
        at=one.at.astimezone(zone),
        seconds=f"{one.seconds:.2f}",
    )
    rows = {"error": one.error} if one.error is not None else one.saw
    table = "".join(
        f"<tr><th {_LEFT}>{escape(key)}</th>"
        + _cell(f"<pre>{escape(_plain(value))}</pre>")
        + "</tr>"
        for key, value in rows.items()
    )
    return f"<details><summary>{escape(summary)}</summary><table>{table}</table></details>"


def _plain(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def diagnosis_text(diagnosis: Diagnosis, deadlines: str, calls: Iterable[str]) -> str:
    """The conclusion as lines for a terminal."""
    lines = [f"{MARKS[diagnosis.verdict]} {headline(diagnosis)}"]
    for number, step in enumerate(diagnosis.next, 1):
        lines.append(f"  {number}. {step.say}")
        if step.command:
            lines.append(f"     $ {step.command}")
    lines += [f"  {line}" for line in (deadlines, *calls) if line]
    return "\n".join(lines)


def headline(diagnosis: Diagnosis) -> str:
    """The diagnosis in one sentence."""
    for state in (CauseState.CONFIRMED, CauseState.PROBABLE):
        titles = [cause.title for cause in diagnosis.in_state(state)]
        if titles:
            return say(f"headline.{state}", causes=say("between.clause").join(titles))
    return say(f"headline.{diagnosis.verdict.lower()}")


def _badge(verdict: Verdict) -> str:
    word, name = say(f"verdict.{verdict.lower()}"), verdict.lower()
    style = f"color:{_COLOURS[verdict]};font-weight:bold;white-space:nowrap"
    return f'<span class="verdict verdict-{name}" style="{style}">{MARKS[verdict]} {word}</span>'


def _table(name: str, heads: Iterable[str], rows: str) -> str:
    head = "".join(f"<th {_LEFT}>{escape(word)}</th>" for word in heads)
    return f'<table class="{name}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(html: str, name: str = "") -> str:
    return f'<td class="{name}" {_LEFT}>{html}</td>' if name else f"<td {_LEFT}>{html}</td>"


def _cause_row(cause: JudgedCause, checks: Mapping[str, str], scenarios: Mapping[str, str]) -> str:
    kind = cause.state.value.replace(" ", "-")
    reasons = [
        say(f"cause.{key}", signals=listed(_signal(ref, checks) for ref in refs))
        for key, refs in (
            ("seen", cause.seen),
            ("against", cause.against),
            ("unseen", cause.unseen),
        )
        if refs
    ]
    if cause.belongs_to:
        title = scenarios.get(cause.belongs_to, cause.belongs_to)
        reasons.append(say("cause.belongs_to", scenario=title))
    return (
        f'<tr class="cause cause-{kind}">'
        + _cell(say(f"cause.{kind}"))
        + _cell(escape(cause.title))
        + _cell(escape(say("between.clause").join(reasons)))
        + "</tr>"
    )


def _signal(ref: str, checks: Mapping[str, str]) -> str:
    check, _, signal = ref.partition(".")
    return f"{checks.get(check, check)} {signal}"
