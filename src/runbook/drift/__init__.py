"""Drift: what the runbook says of a deployment, looked for in the deployment itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from runbook.catalog import Catalog
from runbook.drift.claims import claims
from runbook.drift.compare import compare
from runbook.drift.look import look
from runbook.drift.results import edition
from runbook.evidence import redactor_for
from runbook.model import Target
from runbook.model.drift import Comparison

__all__ = ["check_target"]


def check_target(catalog: Catalog, target: Target) -> Comparison:
    """Everything the data and the pages claim of the target beside what is there, redacted."""
    at, begin = datetime.now(UTC), time.monotonic()
    claimed = claims(catalog, target)
    drift, notes, unseen, elsewhere = compare(claimed, look(target, claimed), target)
    found = Comparison(
        target=target.id,
        title=target.title,
        at=at,
        seconds=round(time.monotonic() - begin, 1),
        claims=len(claimed),
        edition=edition(catalog.root),
        drift=drift,
        notes=notes,
        unseen=unseen,
        elsewhere=elsewhere,
    )
    redactor = redactor_for([target], catalog.public)
    return Comparison.model_validate(redactor.tidy(found.model_dump(mode="json"), 2000))
