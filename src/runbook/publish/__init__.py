"""What the generator of the site does not make, put into a site it has built."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from runbook.catalog import Catalog
from runbook.publish.alerts import publish_alerts
from runbook.publish.calendar import publish_calendars
from runbook.publish.cards import publish_cards
from runbook.publish.drift import publish_drift
from runbook.publish.duty_feed import publish_duty
from runbook.publish.exercises import publish_exercises
from runbook.publish.facts import publish_facts
from runbook.publish.feed import publish_feed
from runbook.publish.figures import publish_figures
from runbook.publish.freshness import publish_freshness
from runbook.publish.incidents import publish_incidents
from runbook.publish.offline import publish_offline, zip_site
from runbook.publish.print_pack import publish_print
from runbook.publish.records import publish_records
from runbook.publish.search import publish_search

__all__ = ["Published", "publish", "publish_records", "zip_site"]


class Published(NamedTuple):
    """How many of each are on the site now."""

    records: int
    alerts: int


def publish(catalog: Catalog, records: Path, site: Path, now: datetime) -> Published:
    """Everything that is made of the records and the data, into the built site.

    Done again with nothing changed, it writes nothing.  Raises BadInput where the site is not
    built, or a page lacks its place.
    """
    count = publish_records(records, site)
    publish_incidents(records, site, catalog.rotation.tz, now)
    publish_feed(records, site)
    publish_figures(catalog, records, site)
    publish_exercises(catalog, records, site)
    publish_freshness(catalog, records, site, now.date())
    publish_drift(catalog, records, site)
    publish_print(catalog, site, now)
    publish_duty(catalog, site, now)
    publish_calendars(catalog, site, now)
    publish_cards(catalog, site)
    publish_facts(catalog, site)
    alerts = publish_alerts(catalog, site)
    publish_search(catalog, records, site)  # it finds what the others have put there
    publish_offline(site)  # last: it keeps all of it
    return Published(count, alerts)
