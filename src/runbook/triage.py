"""Every scenario judged at once on one look at the target: no notebook, no record."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import chain

from runbook.catalog import Catalog
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.evidence import take
from runbook.model import Diagnosis
from runbook.probes.shared import among_many

_AT_ONCE = 8  # targets of one process
_PROBES_AT_ONCE = 2  # of each of many targets


def triage_all(
    catalog: Catalog, targets: Sequence[str], within: float
) -> list[tuple[Diagnosis, ...]]:
    """The triage of every target, side by side, in their order; raises as `triage` does.

    More targets than one process looks at at once are shared out: threads of one hinder each other.
    """
    for name in targets:
        catalog.target(name)
    parts = min(os.cpu_count() or 1, -(-len(targets) // _AT_ONCE))
    look = partial(_side_by_side, catalog, within)
    if parts < 2:
        return look(targets)
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(parts, mp_context=fork) as processes:
        shares = [targets[start::parts] for start in range(parts)]
        found = list(processes.map(look, shares))
    rows = dict(zip(chain(*shares), chain(*found), strict=True))
    return [rows[name] for name in targets]


def _side_by_side(
    catalog: Catalog, within: float, targets: Sequence[str]
) -> list[tuple[Diagnosis, ...]]:
    if len(targets) == 1:
        return [triage(catalog, targets[0], within)]
    one = partial(triage, catalog, within=within, at_once=_PROBES_AT_ONCE)
    with among_many(), ThreadPoolExecutor(min(_AT_ONCE, len(targets))) as threads:
        return list(threads.map(one, targets))


def triage(
    catalog: Catalog, target_name: str, within: float, at_once: int | None = None
) -> tuple[Diagnosis, ...]:
    """The diagnosis of every scenario that has checks, in the order of the scenarios.

    A probe that several scenarios read is asked once; all are asked side by side, `at_once` as in
    `runbook.probes.collect`.  Raises BadInput for a target nobody knows, BadData for one whose
    addresses do not fit.
    """
    target = catalog.target(target_name)
    diagnosed = {slug: one for slug, one in catalog.scenarios.items() if one.checks}
    reads = {
        slug: [probe for check in one.checks for probe in catalog.checks[check].reads]
        for slug, one in diagnosed.items()
    }
    probes = (probe for probes in reads.values() for probe in probes)
    evidence = take(target, probes, within, catalog.public, at_once)
    found = []
    for slug, scenario in diagnosed.items():
        own = [one for one in evidence if one.probe in reads[slug]]
        findings = judge(scenario.checks, catalog.checks, own)
        found.append(conclude(slug, scenario, target, catalog.actions, findings, own))
    return tuple(found)
