"""What is told to others during an incident: texts with blanks of a known kind."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from runbook.model.base import Frozen, Slug, Text, Texts, like
from runbook.words import say

VariableName = Annotated[str, like(r"^[a-z][a-z_]*$", "started")]


Known = Literal["impact", "started", "due", "now", "lasted", "primary", "reach", "next-update"]
"""What a form can fill in by itself."""


class Variable(Frozen):
    """A blank of a template: what is to be put there, and what stands there without a person."""

    kind: Literal["level", "moment", "duration", "choice", "text"]
    hint: Text | None = None
    options: Texts = ()
    known: Known | None = None
    initially: Text | None = None

    @model_validator(mode="after")
    def _says_what_it_wants(self) -> Self:
        wanted = (self.kind == "text", self.kind == "choice")
        if (self.hint is not None, bool(self.options)) != wanted:
            raise ValueError(say("data.variable"))
        return self


class Template(Frozen):
    """A text to send, with `{variable}` where something is to be filled in.

    Mail has a `subject`, and an SMS is `short`; both use blanks of the text.
    """

    title: Text
    subject: Text
    short: Text
    text: Text

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names of its variables, in the order of the text; none where its braces are torn."""
        try:
            return tuple(name for _, name, _, _ in Formatter().parse(self.text) if name)
        except ValueError:
            return ()

    def label(self, blank: str) -> str:
        """What the text calls a blank: the words that stand before it."""
        before = self.text.partition(f"{{{blank}}}")[0].rstrip()
        return before.splitlines()[-1].rstrip(":： ") if before else blank


class Templates(Frozen):
    """The texts, and the blanks they share."""

    variables: dict[VariableName, Variable] = Field(min_length=1)
    templates: dict[Slug, Template] = Field(min_length=1)
