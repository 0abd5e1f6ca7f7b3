"""A time as a person types it."""

from __future__ import annotations

import re
from datetime import datetime

from runbook.catalog import Catalog
from runbook.errors import BadInput
from runbook.words import say


def moment_of(text: str | None, catalog: Catalog) -> datetime:
    """The time, now where none is given; `03:05` is that time today.

    Without a zone it is a time on the wall of those on duty then.  Raises BadInput.
    """
    now = datetime.now(catalog.rotation.tz).replace(microsecond=0)
    if text is None:
        return now
    if re.fullmatch(r"\d\d:\d\d(:\d\d)?", text):
        text = f"{now:%Y-%m-%d}T{text}"
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(say("oncall.not_a_time", value=ascii(text))) from error
    return (
        found if found.tzinfo else found.replace(tzinfo=catalog.rotation.rule_on(found.date()).tz)
    )
