"""Whatever is written wrong in the data is found, at its own line; the clean drill has nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from deployments import closed, target_of

from runbook.catalog import load
from runbook.drift.claims import claims
from runbook.drift.compare import compare
from runbook.drift.prose import EXPORTERS
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim
from tests.conftest import ROOT

SEEDED, SEED = 60, 20261125
# Of the claims of one kind no more than these are spoiled, so that every kind is among them.
OF_A_KIND = 6
# What is no name in a line: roles, which `runbook check` itself refuses, and a number of seconds.
NOT_SPOILED = {"role", "limit", "patience", "compose", "unit", "scale", "check", "privilege"}


class Seed(NamedTuple):
    claim: Claim
    file: str
    line: int
    name: str
    by: str


def test_the_clean_drill_has_no_drift(clean: Deployment, aura: Target) -> None:
    drift, notes, unseen, elsewhere = compare(claims(load(ROOT), aura), clean, aura)
    assert [str(one) for one in drift] == []
    assert unseen == elsewhere == ()
    assert {one.code for one in notes} == {"unit_in_container"}


def test_everything_that_was_spoiled_in_the_data_is_found_at_its_line(
    clean: Deployment,
    aura: Target,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds = seeded(claims(load(ROOT), aura))
    assert len(seeds) >= 50
    assert len({one.claim.kind for one in seeds}) >= 15
    for one in seeds:
        spoil(copy / one.file, one)
    catalog = load(copy)
    target = target_of(catalog, copy, monkeypatch)
    claimed = claims(catalog, target)
    drift = compare(claimed, closed(clean, claimed), target)[0]
    found = {place.rsplit(":", 1)[0] for one in drift for place in (one.where, *one.also)}
    missed = [one for one in seeds if f"{one.file}:{one.line}" not in found]
    told = [f"{one.claim.kind} {one.file}:{one.line} {one.name} -> {one.by}" for one in missed]
    assert not told, "\n".join(told)
    load.cache_clear()


def seeded(claimed: Iterable[Claim]) -> list[Seed]:
    """One spoiled name a line, of every kind some, always the same."""
    dice = random.Random(SEED)
    every = [
        one
        for one in claimed
        if one.kind not in NOT_SPOILED and not is_role(one) and not one.name.startswith(EXPORTERS)
    ]
    dice.shuffle(every)
    taken: set[tuple[str, int]] = set()
    kinds: dict[str, int] = {}
    found = []
    for one in every:
        file, line, _ = one.where.rsplit(":", 2)
        seed = Seed(one, file, int(line), written(one), spoiled(one))
        text = (ROOT / file).read_text(encoding="utf-8").splitlines()[seed.line - 1]
        if (
            not re.search(bounded(seed.name), text)
            or (file, seed.line) in taken
            or kinds.get(one.kind, 0) >= OF_A_KIND
        ):
            continue
        taken.add((file, seed.line))
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
        found.append(seed)
    return found[:SEEDED]


def written(claim: Claim) -> str:
    """How the claim's name stands in its line."""
    if claim.kind == "metric" and "=" in claim.of:
        return claim.of.partition("=")[2]
    if claim.kind == "variable" and claim.of and " " not in claim.of:
        return claim.name
    return claim.name


def spoiled(claim: Claim) -> str:
    name = written(claim)
    if name.isdigit():
        return str(int(name) + 7)
    if claim.kind == "script":
        return name.removesuffix(".sh") + "x.sh"
    if claim.kind == "file":
        return name.replace(".", "x.", 1)
    return f"{name}X" if name.isupper() or name.startswith("AI_") else f"{name}x"


def bounded(name: str) -> str:
    return rf"(?<![\w/.-]){re.escape(name)}(?![\w-])" if name[0] not in "/-." else re.escape(name)


def spoil(file: Path, seed: Seed) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    line = lines[seed.line - 1]
    lines[seed.line - 1] = re.sub(bounded(seed.name), lambda _: seed.by, line)
    file.write_text("".join(lines), encoding="utf-8")


def is_role(claim: Claim) -> bool:
    """Whether the line names the service by its role too, so that the name is not alone in it."""
    return claim.kind == "service" and bool(claim.of)
