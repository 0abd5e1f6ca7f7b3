"""The cells of an executed notebook as HTML that is safe to put into a page."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from runbook.records.clean import clean

# Also what turns the direction of writing, which would turn the page around it.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True)
class CellView:
    """One cell: prose, or the code that ran with what it put out."""

    kind: str
    prose: Markup
    source: str
    outputs: tuple[Markup, ...]
    ran: bool


def cell_views(notebook: nbformat.NotebookNode) -> list[CellView]:
    """The cells in their order, without those that are empty."""
    return [
        _view(cell, _text(cell.source)) for cell in notebook.cells if _text(cell.source).strip()
    ]


def _view(cell: Any, source: str) -> CellView:
    if cell.cell_type == "markdown":
        return CellView("prose", _prose(source), "", (), ran=True)
    if cell.cell_type != "code":
        return CellView("prose", _plain("raw", source), "", (), ran=True)
    tags = cell.metadata.get("tags", ())
    kind = (
        "given" if "injected-parameters" in tags else "default" if "parameters" in tags else "code"
    )
    outputs = tuple(html for output in cell.outputs if (html := _output(output)))
    ran = cell.execution_count is not None or bool(outputs)
    return CellView(kind, Markup(), source, outputs, ran)


def _output(output: Any) -> Markup:
    if output.output_type == "stream":
        return _plain(f"stream {output.name}", _text(output.text))
    if output.output_type == "error":
        return _plain("error", "\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    return _richest(output.data)


def _richest(data: Any) -> Markup:
    """The form of an output that shows most; empty where it is only for programs."""
    if "text/html" in data:
        return Markup(clean(_text(data["text/html"])))  # noqa: S704 - cleaned
    if "image/svg+xml" in data:
        # As an image a drawing cannot run or load anything, whatever is in it.
        drawing = _text(data["image/svg+xml"]).encode()
        return _image("svg+xml", base64.b64encode(drawing).decode())
    for kind in ("png", "jpeg"):
        if f"image/{kind}" in data:
            return _image(kind, _text(data[f"image/{kind}"]).strip())
    if "text/markdown" in data:
        return _prose(_text(data["text/markdown"]))
    return _plain("result", _text(data["text/plain"])) if "text/plain" in data else Markup()


def _text(value: str | list[str]) -> str:
    """The text of a field that a notebook file may keep as one string or as its lines."""
    return value if isinstance(value, str) else "".join(value)


def _prose(source: str) -> Markup:
    # Without links to its headings: cleaning takes away the places they would lead to.
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source)
    return Markup(clean(html))  # noqa: S704 - cleaned


def _plain(kind: str, text: str) -> Markup:
    """Text of a terminal, its colours kept."""
    html = clean(ansi2html(_CONTROL.sub("", text)))  # type: ignore[no-untyped-call]
    return Markup('<pre class="{}">{}</pre>').format(kind, Markup(html))  # noqa: S704 - cleaned


def _image(kind: str, encoded: str) -> Markup:
    return Markup('<img src="data:image/{};base64,{}" alt="">').format(kind, encoded)
