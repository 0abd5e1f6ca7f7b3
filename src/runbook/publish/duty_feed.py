"""Who is on duty until the horizon, for programs that cannot run `runbook oncall`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from runbook.catalog import Catalog
from runbook.oncall import coming
from runbook.publish.write import write_json
from runbook.render.duty_facts import duty_facts


def publish_duty(catalog: Catalog, site: Path, now: datetime) -> None:
    """`api/oncall.json`: the shifts that the pages built at that time show, and no other."""
    shifts = coming(catalog.roster, now)
    write_json(site / "api" / "oncall.json", duty_facts(shifts, catalog.contacts, now))
