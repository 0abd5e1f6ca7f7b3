"""What every value of the model has in common."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from runbook.words import say

# No plugin that happens to be installed may come between, and to look for them takes a while.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


class Frozen(BaseModel):
    """A value that never changes and knows no field it was not given a name for."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


EXAMPLES: dict[str, str] = {}
"""For every pattern of the model a text that fits it: what a person is told who got it wrong."""


def like(pattern: str, example: str) -> StringConstraints:
    """Only text of that pattern, of which the example is one."""
    EXAMPLES[pattern] = example
    return StringConstraints(pattern=pattern)


def unlike(example: str) -> PydanticCustomError:
    """The error of a value that should have looked like the example."""
    return PydanticCustomError("like", "like {example}", {"example": example})


SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Slug = Annotated[str, like(SLUG, "database-connection")]
"""A name that is a file name, an anchor and a word on the command line at once."""

EnvName = Annotated[str, like(r"^[A-Z][A-Z0-9_]*$", "RUNBOOK_DB_PASSWORD")]
"""The name of an environment variable."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""Something a person reads: never empty."""


def _no_twice(items: tuple[str, ...]) -> tuple[str, ...]:
    for item in items:
        if items.count(item) > 1:
            raise ValueError(say("data.no_twice", item=item))
    return items


Distinct = AfterValidator(_no_twice)
"""A list in which nothing stands twice."""

Slugs = Annotated[tuple[Slug, ...], Distinct]
Texts = Annotated[tuple[Text, ...], Distinct]


class Item(Frozen):
    """A short name and the sentence that belongs to it."""

    title: Text
    say: Text
