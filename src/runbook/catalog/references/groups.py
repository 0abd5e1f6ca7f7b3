"""What groups of targets may get wrong about their members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runbook.catalog.references.naming import unknown
from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem
from runbook.model import Group
from runbook.words import say


def group_problems(
    document: Document, groups: Mapping[str, Group], targets: Mapping[str, Any]
) -> Iterator[Problem]:
    """Groups of what is no target, under the name of a target, or of drills among real ones."""
    for name, group in groups.items():
        if name in targets:
            taken = say("data.group_is_target", name=name)
            yield Problem(document.where((name,)), taken, say("data.expected_unique"))
        for index, member in enumerate(group.targets):
            yield from unknown(document, (name, "targets", index), member, targets, "target")
        if len({_is_drill(targets[one]) for one in group.targets if one in targets}) > 1:
            mixed = say("data.group_mixed", name=name)
            yield Problem(document.where((name, "targets")), mixed, say("data.expected_one_kind"))


def _is_drill(raw: Any) -> bool:
    labels = raw.get("labels") if isinstance(raw, dict) else None
    return isinstance(labels, dict) and bool(labels.get("drill"))
