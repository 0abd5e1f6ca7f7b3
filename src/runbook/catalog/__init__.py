"""Everything the team knows, read from `data/` and trusted only as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runbook.catalog.shapes import SHAPES
from runbook.catalog.strict_yaml import Document
from runbook.catalog.survey import problems, survey
from runbook.catalog.targets import resolve
from runbook.errors import BadData, BadInput
from runbook.model import (
    Absent,
    Action,
    After,
    Appendix,
    Axis,
    Channels,
    Check,
    Contact,
    Group,
    Monitoring,
    Overrides,
    Page,
    Phase,
    Question,
    Reviews,
    Rotation,
    Scenario,
    SearchWords,
    Severity,
    Target,
    Templates,
    Vendor,
)
from runbook.oncall import Roster
from runbook.root import find_root
from runbook.words import language, listed, nearest, say

__all__ = ["Catalog", "find_root", "load", "problems"]


@dataclass(frozen=True)
class Catalog:
    """The content of `data/`, whole and checked."""

    root: Path
    severities: dict[str, Severity]
    questions: dict[str, Question]
    contacts: dict[str, Contact]
    rotation: Rotation
    overrides: Overrides
    checks: dict[str, Check]
    actions: dict[str, Action]
    vendors: dict[str, Vendor]
    channels: Channels
    process: dict[str, Phase]
    axes: dict[str, Axis]
    monitoring: Monitoring
    templates: Templates
    after: After
    appendix: Appendix
    pages: dict[str, Page]
    reviews: Reviews
    search: SearchWords
    groups: dict[str, Group]
    scenarios: dict[str, Scenario]
    target_file: Document

    def scenario(self, slug: str) -> Scenario:
        """The scenario of that name; raises BadInput, naming the nearest, for any other."""
        if slug not in self.scenarios:
            raise _not_there("scenario", slug, list(self.scenarios))
        return self.scenarios[slug]

    def notebook(self, slug: str) -> Path:
        """The notebook of the scenario, in the language of this process where it has one."""
        folder = self.root / "notebooks"
        own = folder / language() / f"{slug}.ipynb"
        return own if own.is_file() else folder / f"{slug}.ipynb"

    def target(self, name: str) -> Target | Absent:
        """The target of that name with its addresses of this moment; raises BadInput, BadData."""
        if name in self.groups:
            raise BadInput(
                say("target.group", name=name, members=listed(self.groups[name].targets))
            )
        if name not in self.target_names:
            raise _not_there("target", name, self.target_names)
        return resolve(self.target_file, name, self.root)

    def members(self, name: str) -> tuple[str, ...]:
        """The targets that the name of a group stands for; any other name stands for itself."""
        return self.groups[name].targets if name in self.groups else (name,)

    @property
    def roster(self) -> Roster:
        """All that decides who is on duty."""
        return Roster(self.rotation, self.overrides)

    @property
    def nouns(self) -> dict[str, Any]:
        """All of it by the names of the files in `data/`; targets as they are written down."""
        fields = {"severity": "severities"}
        return {
            **{name: getattr(self, fields.get(name, name)) for name in SHAPES},
            "scenarios": self.scenarios,
            "targets": self.target_file.value,
        }

    @property
    def target_names(self) -> list[str]:
        """The names of the deployments; `--target` accepts those of groups too."""
        return list(self.target_file.value)

    @property
    def production(self) -> str:
        """The target that pages and alerts name: the first labelled production, or the first."""
        targets = self.target_file.value.items()
        real = [name for name, raw in targets if (raw.get("labels") or {}).get("production")]
        return (real or self.target_names)[0]

    @property
    def public(self) -> frozenset[str]:
        """The phones and addresses that the runbook itself publishes."""
        people: list[Contact | Vendor] = [*self.contacts.values(), *self.vendors.values()]
        channels = [one.address for one in self.channels.internal.values()]
        reached = [word for one in people for word in (one.phone, one.email) if word]
        return frozenset((*reached, *channels))

    @property
    def state_variables(self) -> list[str]:
        """The environment variables that say where a deployment wrote down its addresses."""
        states = [raw.get("state") for raw in self.target_file.value.values()]
        return [state["env"] for state in states if state]


@cache
def load(root: Path) -> Catalog:
    """The catalog of the project at `root`; raises BadData with every problem at once."""
    found = survey(root)
    if found.problems:
        raise BadData(list(found.problems))
    built = {name: found.salvaged[name].value for name in SHAPES}
    built["checks"] = _with_thresholds(built["checks"], built["monitoring"])
    scenarios = [(slug, found.salvaged[f"scenarios/{slug}"].value) for slug in found.slugs]
    return Catalog(
        root=root,
        severities=built.pop("severity"),
        scenarios=dict(sorted(scenarios, key=lambda one: (one[1].rank, one[0]))),
        target_file=found.targets,
        **built,
    )


def _with_thresholds(checks: dict[str, Check], monitoring: Monitoring) -> dict[str, Check]:
    """The checks with the thresholds they borrow among their limits."""
    return {
        name: check.model_copy(
            update={
                "limits": check.limits
                | {
                    limit: monitoring.thresholds[threshold].value
                    for limit, threshold in check.thresholds.items()
                }
            }
        )
        for name, check in checks.items()
    }


def _not_there(kind: str, name: str, known: list[str]) -> BadInput:
    hint = nearest(name, known)
    word = say(f"kinds.{kind}")
    return BadInput(say("data.not_there", kind=word, name=name, names=listed(known), hint=hint))
