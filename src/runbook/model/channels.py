"""Whom to call outside of the house, and where to speak inside and out."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from runbook.model.base import EnvName, Frozen, Item, Slug, Slugs, Text
from runbook.model.people import Email, Phone
from runbook.words import say

_ADDRESSES = {"slack": r"#[\w-]+", "email": r"[^@\s]+@[^@\s]+\.[^@\s]+"}


class Vendor(Frozen):
    """A service we depend on, and how its support is reached."""

    name: Text
    contact: Text
    phone: Phone
    email: Email
    service: Text


class Channel(Frozen):
    """A place where the team speaks during an incident.

    `env` is the environment variable with its address for programs: a URL of apprise, or a webhook.
    `fallback` are the channels to go on to when this one is down, in the order of trying.
    """

    title: Text
    kind: Literal["slack", "wechat", "email"]
    address: Text
    env: EnvName
    fallback: Slugs = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not re.fullmatch(_ADDRESSES.get(self.kind, r".+"), self.address):
            raise ValueError(say("data.channel"))
        return self


class Channels(Frozen):
    """Where the team speaks, and how the outside is told."""

    internal: dict[Slug, Channel] = Field(min_length=1)
    external: dict[Slug, Item] = Field(min_length=1)
