"""What an action would destroy, kept before it: every look of its scenarios, states and logs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runbook.acting.effects import Seen
from runbook.acting.plan import Plan
from runbook.catalog import Catalog
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.evidence import take
from runbook.model import Diagnosis, Evidence, Verdict
from runbook.probes.look import KEPT
from runbook.records.archive import digest, write
from runbook.redact import Redactor

_WITHIN = 15.0  # seconds for all probes side by side


@dataclass(frozen=True)
class Safe:
    """A file of evidence and its SHA-256: whether it still is as it was written can be asked."""

    file: Path
    hash: str

    @property
    def is_whole(self) -> bool:
        """Whether the file on the disk is what was written, and can be read."""
        try:
            return digest(self.file) == self.hash and bool(json.loads(self.file.read_bytes()))
        except (OSError, ValueError):
            return False


def look(catalog: Catalog, plan: Plan) -> tuple[Diagnosis, ...]:
    """The diagnosis of every scenario of the action, on one look at the target."""
    reads = {
        slug: [
            probe
            for check in catalog.scenarios[slug].checks
            for probe in catalog.checks[check].reads
        ]
        for slug in plan.action.evidence
        if catalog.scenarios[slug].checks
    }
    wanted = (probe for probes in reads.values() for probe in probes)
    evidence = take(plan.target, wanted, _WITHIN, catalog.public)
    found = []
    for slug, probes in reads.items():
        own = [one for one in evidence if one.probe in probes]
        scenario = catalog.scenarios[slug]
        findings = judge(scenario.checks, catalog.checks, own)
        found.append(conclude(slug, scenario, plan.target, catalog.actions, findings, own))
    return tuple(found)


def verdict(diagnoses: Iterable[Diagnosis]) -> Verdict:
    """The worst of what was found."""
    return Verdict.worst(one.verdict for one in diagnoses)


def remains(seen: Seen, redactor: Redactor) -> dict[str, object]:
    """State and log of every instance, by its name, without a secret."""
    facts: dict[str, object] = {
        one.name: {
            "key": one.key,
            "running": one.running,
            "health": one.health,
            "image": one.image,
            "tag": one.tag,
            "provider": one.provider,
            "log": one.log[-KEPT:],
        }
        for one in seen.all
    }
    return dict(redactor.tidy(facts, KEPT))


def save(file: Path, plan: Plan, diagnoses: Iterable[Diagnosis], left: dict[str, object]) -> Safe:
    """The evidence in that file; raises RunbookError where it cannot be written."""
    taken: dict[str, Evidence] = {
        one.probe: one for diagnosis in diagnoses for one in diagnosis.evidence
    }
    facts = {
        "action": plan.name,
        "service": plan.service,
        "target": plan.target.id,
        "instances": left,
        "diagnoses": [
            one.model_copy(update={"evidence": (), "deployment": None}).model_dump(mode="json")
            for one in diagnoses
        ],
        "evidence": [one.model_dump(mode="json") for one in taken.values()],
    }
    write(file, json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    return Safe(file, digest(file))
