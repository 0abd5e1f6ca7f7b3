"""How the search of the site understands what people type."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from runbook.model.base import Frozen, Texts
from runbook.model.page import PagePath

Ways = Annotated[Texts, Field(min_length=2)]
"""Several ways to say one thing."""


class SearchWords(Frozen):
    """Words that mean the same, words that mean nothing, and words for pages that lack them."""

    synonyms: tuple[Ways, ...]
    ignored: Texts
    pages: dict[PagePath, Texts]
