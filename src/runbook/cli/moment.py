"""The time of a build, and a time as a person types it."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from runbook.catalog import Catalog
from runbook.errors import BadInput
from runbook.words import say


def build_time() -> datetime:
    """Now, or the time SOURCE_DATE_EPOCH names, so that a build can be repeated byte for byte.

    https://reproducible-builds.org/specs/source-date-epoch/  Raises BadInput.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput(say("publish.not_an_epoch", value=ascii(epoch))) from error


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
