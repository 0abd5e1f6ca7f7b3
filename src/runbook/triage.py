"""Every scenario judged at once on one look at the target: no notebook, no record."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from runbook.catalog import Catalog
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.evidence import take
from runbook.model import Diagnosis

_AT_ONCE = 16  # targets; each is a few dozen threads that mostly wait


def triage_all(
    catalog: Catalog, targets: Sequence[str], within: float
) -> list[tuple[Diagnosis, ...]]:
    """The triage of every target, side by side, in their order; raises as `triage` does."""
    with ThreadPoolExecutor(min(_AT_ONCE, len(targets))) as threads:
        return list(threads.map(lambda name: triage(catalog, name, within), targets))


def triage(catalog: Catalog, target_name: str, within: float) -> tuple[Diagnosis, ...]:
    """The diagnosis of every scenario that has checks, in the order of the scenarios.

    A probe that several scenarios read is asked once; all are asked side by side.  Raises BadInput
    for a target nobody knows, BadData for one whose addresses do not fit.
    """
    target = catalog.target(target_name)
    diagnosed = {slug: one for slug, one in catalog.scenarios.items() if one.checks}
    reads = {
        slug: [probe for check in one.checks for probe in catalog.checks[check].reads]
        for slug, one in diagnosed.items()
    }
    evidence = take(
        target, (probe for probes in reads.values() for probe in probes), within, catalog.public
    )
    found = []
    for slug, scenario in diagnosed.items():
        own = [one for one in evidence if one.probe in reads[slug]]
        findings = judge(scenario.checks, catalog.checks, own)
        found.append(conclude(slug, scenario, target, catalog.actions, findings, own))
    return tuple(found)
