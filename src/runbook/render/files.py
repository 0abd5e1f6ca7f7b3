"""Links to files that stand beside the pages."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from runbook.render.html import join


def file_list(files: Iterable[tuple[str, str]]) -> Markup:
    """The files by their address, each under its name."""
    links = (Markup('<li><a href="{}">{}</a></li>').format(*one) for one in files)
    return Markup('<ul class="rb-files">{}</ul>').format(join(links))
