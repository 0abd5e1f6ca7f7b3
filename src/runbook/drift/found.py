"""What was found otherwise, told in sentences: what does not hold, and why that matters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from runbook.model.drift import Claim, Drift
from runbook.words import say


class Found(NamedTuple):
    """A code, which has its sentences in `drift_found` and `drift_why`, and the facts for them."""

    code: str
    facts: dict[str, Any]


def found(code: str, **facts: object) -> Found:
    """Something that does not hold, by its code."""
    return Found(code, facts)


def drifts_of(
    found: Iterable[tuple[Claim, Found]], notes: Collection[str]
) -> tuple[tuple[Drift, ...], tuple[Drift, ...]]:
    """The drifts and the notes; what is told of several places is one, with all of them."""
    drifts: dict[tuple[str, str], Drift] = {}
    for claim, one in found:
        # A dash in a code is a shade of it: another sentence, the same reason.
        code = one.code.partition("-")[0]
        facts = {"name": claim.name, "of": claim.of, **one.facts}
        told = say(f"drift_found.{one.code}", **facts)
        key = code, told
        if key in drifts:
            known = drifts[key]
            also = dict.fromkeys((*known.also, claim.where))
            also.pop(known.where, None)
            drifts[key] = known.model_copy(update={"also": tuple(also)})
            continue
        drifts[key] = Drift(
            where=claim.where,
            kind=claim.kind,
            code=code,
            name=claim.name,
            found=told,
            why=say(f"drift_why.{code}", **facts),
        )
    return (
        tuple(one for one in drifts.values() if one.code not in notes),
        tuple(one for one in drifts.values() if one.code in notes),
    )
