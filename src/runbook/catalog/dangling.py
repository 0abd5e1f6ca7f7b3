"""Which files name what stands in which others."""

from __future__ import annotations

from typing import Any

from runbook.catalog import references
from runbook.catalog.strict_yaml import Document
from runbook.errors import Problem
from runbook.model import Scenario


def dangling(
    documents: dict[str, Document],
    pages: dict[str, Document],
    built: dict[str, Any],
    scenarios: dict[str, Scenario | None],
) -> list[Problem]:
    """References into files that could be read; where a file could not, its own problems stand."""
    found: list[Problem] = []
    if built["rotation"] is not None and built["contacts"] is not None:
        found += references.rotation_problems(
            documents["rotation"], built["rotation"], built["contacts"]
        )
    if built["checks"] is not None:
        found += references.check_problems(documents["checks"], built["checks"])
    if built["actions"] is not None:
        found += references.action_problems(documents["actions"], built["actions"])
    if built["axes"] is not None and built["actions"] is not None:
        found += references.axis_problems(documents["axes"], built["axes"], built["actions"])
    if all(built[name] is not None for name in ("process", "axes", "severity")):
        found += references.process_problems(
            documents["process"], built["process"], built["axes"], built["severity"]
        )
    if built["templates"] is not None:
        found += references.template_problems(documents["templates"], built["templates"])
    if all(built[name] is not None for name in ("checks", "actions", "severity")):
        for slug, scenario in scenarios.items():
            if scenario is not None:
                found += references.scenario_problems(
                    pages[slug], scenario, built["checks"], built["actions"], built["severity"]
                )
    return found
