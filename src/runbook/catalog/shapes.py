"""The shape of each file in `data/`, by the name of the file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from runbook.model import (
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
    PagePath,
    Phase,
    Question,
    Reviews,
    Rotation,
    SearchWords,
    Severity,
    Slug,
    Templates,
    Vendor,
)

_SOME = Field(min_length=1)
SHAPES: dict[str, Any] = {
    "severity": Annotated[dict[str, Severity], _SOME],
    "questions": Annotated[dict[Slug, Question], Field(min_length=1, max_length=3)],
    "contacts": Annotated[dict[Slug, Contact], _SOME],
    "rotation": Rotation,
    "overrides": Overrides,
    "checks": Annotated[dict[Slug, Check], _SOME],
    "actions": Annotated[dict[Slug, Action], _SOME],
    "vendors": Annotated[dict[Slug, Vendor], _SOME],
    "channels": Channels,
    "process": Annotated[dict[Slug, Phase], _SOME],
    "axes": Annotated[dict[Slug, Axis], _SOME],
    "monitoring": Monitoring,
    "templates": Templates,
    "after": After,
    "pages": Annotated[dict[PagePath, Page], _SOME],
    "appendix": Appendix,
    "reviews": Reviews,
    "search": SearchWords,
    "groups": Annotated[dict[Slug, Group], _SOME],
}
"""Targets and scenarios are not here: they are read in ways of their own."""
