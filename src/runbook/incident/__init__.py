"""The life of an incident: what people tell it, what is told to others, what is written of it."""

from runbook.incident.life import (
    Word,
    acknowledge,
    change_level,
    folder_of,
    mitigate,
    note,
    open_,
    resolve,
)

__all__ = [
    "Word",
    "acknowledge",
    "change_level",
    "folder_of",
    "mitigate",
    "note",
    "open_",
    "resolve",
]
