"""An executed notebook as one page that needs nothing else: no network, no script, no file."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

import nbformat
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from runbook.model import Record, RunState
from runbook.records.cells import cell_views
from runbook.render.finding import headline
from runbook.render.record_list import moment, record_badge
from runbook.render.visible import visible
from runbook.words import say

_LONGEST = 100_000  # characters of one foreign text on a page


def page(notebook: nbformat.NotebookNode, record: Record, compared: str = "") -> str:
    """The whole HTML of the record's page; whatever the notebook holds, none of it runs."""
    return rendered(
        "runbook.records",
        "page.html",
        record=record,
        path=[(f"{quote(name, safe='')}.html", name) for name in record.path],
        compared=Markup(compared),  # noqa: S704 - ours, escaped where it was made
        cells=cell_views(notebook),
        badge=record_badge(record),
        headline=_headline(record),
        at=moment(record.at),
        incomplete=record.state is not RunState.COMPLETE or not record.complete,
        say=lambda key, /, **facts: say(f"record_page.{key}", **facts),
    )


def _headline(record: Record) -> str:
    if record.action is not None:
        return record.action.why
    return headline(record.diagnosis) if record.diagnosis else ""


def rendered(package: str, name: str, **facts: Any) -> str:
    """The page with everything put in escaped, cut to size and visible.

    It needs no other file, and its policy lets a browser load and run nothing, whatever is in it.
    """
    return visible(_template(package, name).render(language=say("page.language"), **facts))


@cache
def _template(package: str, name: str) -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cut,
    )
    css = _text("runbook.records", "page.css")
    environment.globals["css"] = Markup(css)  # noqa: S704 - ours
    environment.globals["policy"] = Markup(  # noqa: S704 - ours
        f"default-src 'none'; style-src '{_hash(css)}'; img-src data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    return environment.from_string(_text(package, name))


def _cut(value: Any) -> Any:
    """A text no longer than one can read; what is HTML already was cut where it was made."""
    if isinstance(value, str) and not isinstance(value, Markup) and len(value) > _LONGEST:
        return value[:_LONGEST] + say("page.cut")
    return value


def _hash(css: str) -> str:
    """The source of the policy that allows this style, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}"


def _text(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
