"""What is done in an incident, phase after phase, and what is done after it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from runbook.model.base import Frozen, Item, Slug, Text
from runbook.model.scenario import Command, Step
from runbook.words import say

Items = Annotated[tuple[Item, ...], Field(min_length=1)]
Commands = Annotated[tuple[Command, ...], Field(min_length=1)]


class PhaseStep(Frozen):
    """One step of a phase: under a title or for some levels; in words or by the axes it uses."""

    title: Text | None = None
    levels: tuple[Text, ...] = ()
    say: Text | None = None
    axes: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if bool(self.title) == bool(self.levels):
            raise ValueError(say("data.title_or_levels"))
        if bool(self.say) == bool(self.axes):
            raise ValueError(say("data.say_or_axes"))
        return self


class Phase(Frozen):
    """One phase of an incident; its place in the file is its place in time."""

    title: Text
    steps: tuple[PhaseStep, ...] = Field(min_length=1)


class Axis(Frozen):
    """One of the three things that may be done before the cause is understood."""

    title: Text
    label: Text
    steps: tuple[Step, ...] = Field(min_length=1)


class Failure(Frozen):
    """A failure that no notebook diagnoses yet: only what to type by hand."""

    title: Text
    commands: Commands


class After(Frozen):
    """What is owed when the incident is over."""

    report: Items
    improvements: Items
    sharing: Items


class Appendix(Frozen):
    """What one looks up: common commands, where files are, what has a backup."""

    commands: Commands
    files: Items
    backups: Items
