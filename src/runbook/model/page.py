"""What is known of a page of the handbook besides its text."""

from __future__ import annotations

from typing import Annotated

from runbook.model.base import like
from runbook.model.review import Review

PagePath = Annotated[str, like(r"^[a-z0-9-]+(/[a-z0-9-]+)*$", "scenarios/database-connection")]
"""The file of a page below `docs/` without its ending: `scenarios/database-connection`."""


class Page(Review):
    """Who answers for a page, and when they last read it as a whole."""
