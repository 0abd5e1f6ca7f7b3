"""What every value of the model has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Frozen(BaseModel):
    """A value that never changes and knows no field it was not given a name for."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


EXAMPLES: dict[str, str] = {}
"""For every pattern of the model a text that fits it: what a person is told who got it wrong."""


def like(pattern: str, example: str) -> StringConstraints:
    """Only text of that pattern, of which the example is one."""
    EXAMPLES[pattern] = example
    return StringConstraints(pattern=pattern)


SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Slug = Annotated[str, like(SLUG, "database-connection")]
"""A name that is a file name, an anchor and a word on the command line at once."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""Something a person reads: never empty."""


class Item(Frozen):
    """A short name and the sentence that belongs to it."""

    title: Text
    say: Text
