"""What the generator of the site does not make, put into a site it has built."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic_core import to_json

from runbook.catalog import Catalog
from runbook.publish.alerts import publish_alerts
from runbook.publish.calendar import publish_calendars
from runbook.publish.cards import publish_cards
from runbook.publish.drift import publish_drift
from runbook.publish.duty_feed import publish_duty
from runbook.publish.exercised import publish_exercised
from runbook.publish.exercises import publish_exercises
from runbook.publish.facts import publish_facts
from runbook.publish.feed import publish_feed
from runbook.publish.figures import publish_figures
from runbook.publish.freshness import publish_freshness, used
from runbook.publish.incidents import publish_incidents
from runbook.publish.offline import publish_offline, zip_site
from runbook.publish.print_pack import publish_print
from runbook.publish.records import publish_records
from runbook.publish.search import publish_search
from runbook.publish.shelf import Shelf, code_mark
from runbook.publish.taken import taken_over
from runbook.words import language

__all__ = ["Published", "publish", "publish_records", "zip_site"]


class Published(NamedTuple):
    """How many of each are on the site now."""

    records: int
    alerts: int


def publish(
    catalog: Catalog, records: Path, site: Path, now: datetime, before: Path | None = None
) -> Published:
    """Everything that is made of the records and the data, into the built site.

    Done again with nothing changed, it writes nothing, and reads no record.  The pages of records
    are taken from the site `before`, which is given up.  Raises BadInput where the site is not
    built, or a page lacks its place.
    """
    with taken_over(before, site):
        shelf = Shelf(records, site / "records", _made_by(catalog))
        last = used(catalog, shelf)
        publish_exercised(last, site)  # first: the pages of months are made of a page
        count = publish_records(records, site, shelf)
        publish_incidents(records, site, catalog.rotation.tz, now, shelf)
        publish_feed(records, site, shelf)
        publish_figures(catalog, site, shelf)
        publish_exercises(catalog, records, site, shelf)
        publish_freshness(catalog, last, site, now.date())
        publish_drift(catalog, records, site)
        publish_print(catalog, site, now)
        publish_duty(catalog, site, now)
        publish_calendars(catalog, site, now)
        publish_cards(catalog, site)
        publish_facts(catalog, site)
        alerts = publish_alerts(catalog, site)
        publish_search(catalog, records, site, shelf)  # it finds what the others have put there
        publish_offline(site)  # last: it keeps all of it
        shelf.leave()
    return Published(count, alerts)


def _made_by(catalog: Catalog) -> str:
    """A mark of all that decides, beside the records, what is told of them."""
    facts = to_json((catalog.checks, catalog.scenarios, catalog.rotation.tz.key, language()))
    return code_mark([Path(__file__).parents[1]]) + hashlib.blake2b(facts).hexdigest()[:16]
