"""A page for each alert at an address that never changes, for whoever was woken by it."""

from __future__ import annotations

import shutil
from pathlib import Path

from runbook.catalog import Catalog
from runbook.model import Watched
from runbook.publish.write import write
from runbook.records.page import rendered
from runbook.render.monitoring_page import condition
from runbook.render.words import within
from runbook.words import say


def publish_alerts(catalog: Catalog, site: Path) -> int:
    """The number of alerts, each with its page `a/<alert>/index.html` in the site, and no other.

    A page that has not changed is not written again.
    """
    pages = {
        watched.alert.name: alert_page(catalog, watched)
        for _, watched in catalog.monitoring.watched
    }
    folder = site / "a"
    folder.mkdir(exist_ok=True)
    for gone in {one.name for one in folder.iterdir()} - pages.keys():
        shutil.rmtree(folder / gone)
    for name, html in pages.items():
        write(folder / name / "index.html", html)
    return len(pages)


def alert_page(catalog: Catalog, watched: Watched) -> str:
    """The whole HTML of the page; it needs no script, no network and no other file."""
    alert = watched.alert
    severity = catalog.severities[alert.severity]
    return rendered(
        "runbook.publish",
        "alert.html",
        alert=alert,
        title=condition(watched),
        scenario=catalog.scenarios[alert.scenario],
        severity=severity,
        pending=within(alert.pending),
        respond=within(severity.respond_within),
        resolve=within(severity.resolve_within),
        target=catalog.production,
        say=lambda key, /, **facts: say(f"alert_page.{key}", **facts),
    )
