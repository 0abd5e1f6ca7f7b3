"""An executed notebook as one page that needs nothing else: no network, no script, no file."""

from __future__ import annotations

from functools import cache
from importlib import resources

import nbformat
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from runbook.model import Record, RunState
from runbook.records.cells import cell_views
from runbook.render.finding import headline
from runbook.render.record_list import moment, record_badge
from runbook.words import say


def page(notebook: nbformat.NotebookNode, record: Record, compared: str = "") -> str:
    """The whole HTML of the record's page; whatever the notebook holds, none of it runs."""
    return template("runbook.records", "page.html").render(
        record=record,
        compared=Markup(compared),  # noqa: S704 - ours, escaped where it was made
        cells=cell_views(notebook),
        badge=record_badge(record),
        headline=headline(record.diagnosis) if record.diagnosis else "",
        at=moment(record.at),
        language=say("page.language"),
        incomplete=record.state is not RunState.COMPLETE or record.diagnosis is None,
        say=lambda key, /, **facts: say(f"record_page.{key}", **facts),
    )


@cache
def template(package: str, name: str) -> Template:
    """A page that needs no other file: everything put in is escaped, the style is of one piece."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["css"] = Markup(_text("runbook.records", "page.css"))  # noqa: S704 - ours
    return environment.from_string(_text(package, name))


def _text(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
