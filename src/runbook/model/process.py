"""What is done in an incident, phase after phase, and what is done after it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from runbook.model.base import Frozen, Item, Slug, Slugs, Text, Texts
from runbook.model.scenario import Argv, Command
from runbook.words import say

Items = Annotated[tuple[Item, ...], Field(min_length=1)]
Commands = Annotated[tuple[Command, ...], Field(min_length=1)]


class PhaseStep(Frozen):
    """One step of a phase: under a title or for some levels; in words or by the axes it uses."""

    title: Text | None = None
    levels: Texts = ()
    say: Text | None = None
    axes: Slugs = ()

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


class Undo(Frozen):
    """The way back: in words, with its command where there is one."""

    say: Text
    argv: Argv | None = None


class Remedy(Frozen):
    """One thing to do at once: what it shows, how one knows that it worked, and the way back.

    Without a command a person changes something by hand.  `act` are the words after `runbook act`
    where the runbook can do it.
    """

    say: Text
    argv: Argv | None = None
    act: Argv | None = None
    output: Text
    verify: Command
    undo: Undo


class Axis(Frozen):
    """A kind of thing that may be done before the cause is understood."""

    title: Text
    label: Text
    steps: dict[Slug, Remedy] = Field(min_length=1)


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
