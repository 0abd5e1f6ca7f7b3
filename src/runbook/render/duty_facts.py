"""Who is on duty as `runbook oncall --json` and `api/oncall.json` tell programs, in one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from runbook.model import ROLES, Contact
from runbook.model.people import e164
from runbook.render.duty import Shift


def person_facts(name: str, contacts: Mapping[str, Contact]) -> dict[str, Any]:
    """The person under the name by which the data knows them; `tel` is E.164, to be dialled."""
    person = contacts[name]
    return {"id": name, **person.model_dump(), "tel": e164(person.phone) if person.phone else None}


def shift_facts(shift: Shift, contacts: Mapping[str, Contact]) -> dict[str, Any]:
    """Both people, `[since, until)` in ISO 8601 with offset, and what departs from the rules."""
    return {
        **{role: person_facts(getattr(shift, role), contacts) for role in ROLES},
        "since": shift.since.isoformat(),
        "until": shift.until.isoformat(),
        "changes": [
            {"kind": type(one).__name__.lower(), **one.model_dump(mode="json")}
            for one in shift.changes
        ],
    }


def duty_facts(
    shifts: Sequence[Shift], contacts: Mapping[str, Contact], built: datetime
) -> dict[str, Any]:
    """The shifts without a gap; from `horizon` on, and before the first, nobody is known."""
    return {
        "built": built.isoformat(),
        "horizon": shifts[-1].until.isoformat() if shifts else None,
        "shifts": [shift_facts(shift, contacts) for shift in shifts],
    }
