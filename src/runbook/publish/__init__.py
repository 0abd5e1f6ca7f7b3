"""What the generator of the site does not make: records, incidents, and a page for each alert."""

from runbook.publish.alerts import publish_alerts
from runbook.publish.figures import publish_figures
from runbook.publish.incidents import publish_incidents
from runbook.publish.records import publish_records

__all__ = ["publish_alerts", "publish_figures", "publish_incidents", "publish_records"]
