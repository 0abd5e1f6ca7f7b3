"""What is told to others during an incident: texts with blanks of a known kind."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from runbook.model.base import Frozen, Slug, Text, Texts, like
from runbook.words import say

VariableName = Annotated[str, like(r"^[a-z][a-z_]*$", "started")]


class Variable(Frozen):
    """A blank of a template: what is to be put there."""

    kind: Literal["level", "moment", "duration", "choice", "text"]
    hint: Text | None = None
    options: Texts = ()

    @model_validator(mode="after")
    def _says_what_it_wants(self) -> Self:
        wanted = (self.kind == "text", self.kind == "choice")
        if (self.hint is not None, bool(self.options)) != wanted:
            raise ValueError(say("data.variable"))
        return self


class Template(Frozen):
    """A text to send, with `{variable}` where something is to be filled in."""

    title: Text
    text: Text

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names of its variables, in the order of the text; none where its braces are torn."""
        try:
            return tuple(name for _, name, _, _ in Formatter().parse(self.text) if name)
        except ValueError:
            return ()


class Templates(Frozen):
    """The texts, and the blanks they share."""

    variables: dict[VariableName, Variable] = Field(min_length=1)
    templates: dict[Slug, Template] = Field(min_length=1)
