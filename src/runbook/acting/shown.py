"""An action in the cells of its notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from runbook.acting.command import Ended
from runbook.case import display_as
from runbook.model import Acted, Change, Diagnosis, Evidence, Verdict
from runbook.render.action import acted_html, acted_text, instances_html
from runbook.render.compare import changes_table
from runbook.render.finding import evidence_html, findings_html, findings_text
from runbook.words import say


def before_shown(
    diagnoses: Sequence[Diagnosis], left: Mapping[str, object], state: str, zone: tzinfo
) -> None:
    """The target as it was: what runs, what is not well, and folded all that was seen."""
    print(say("act.state", state=state))
    _findings_shown(diagnoses)
    taken: dict[str, Evidence] = {
        one.probe: one for diagnosis in diagnoses for one in diagnosis.evidence
    }
    folded = "".join(evidence_html(one, zone) for one in taken.values())
    html = f'<div class="evidence">{instances_html(left)}{folded}</div>'
    display_as(html, say("act.evidence", count=len(taken) + len(left)))


def output_shown(text: str, ended: Ended) -> None:
    """What the command printed, and how it ended."""
    print(text.rstrip())
    key = "act.ended" if ended.exit is not None else "act.cut"
    print(say(key, code=ended.exit, seconds=f"{ended.seconds:.1f}"))


def changes_shown(changes: Sequence[Change], after: Sequence[Diagnosis]) -> None:
    """What is otherwise than before, and what is not well now."""
    _findings_shown(after)
    text = "\n".join(f"{one.what}: {one.before} → {one.now}" for one in changes)
    display_as(changes_table(changes), text or say("compare.same"))


def acted_shown(acted: Acted, more: dict[str, object]) -> None:
    """What became of the action; the same for programs in `more`."""
    display_as(acted_html(acted), acted_text(acted), more)


def _findings_shown(diagnoses: Sequence[Diagnosis]) -> None:
    found = {one.check: one for diagnosis in diagnoses for one in diagnosis.findings}
    wrong = [one for one in found.values() if one.verdict is not Verdict.PASS]
    if wrong:
        display_as(findings_html(wrong), findings_text(wrong))
    else:
        print(say("act.all_well", count=len(found)))
