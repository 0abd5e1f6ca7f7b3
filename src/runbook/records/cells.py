"""The cells of an executed notebook as HTML that is safe to put into a page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from runbook.records.clean import clean
from runbook.words import say

# Characters of one output on the page; the notebook beside it has all of them.
_LONGEST_TEXT, _LONGEST_HTML, _LONGEST_IMAGE = 20_000, 300_000, 3_000_000


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
        return CellView("prose", prose(source), "", (), ran=True)
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
        said = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        return _plain("error", _text(said))
    return _richest(output.data)


def _richest(data: Any) -> Markup:
    """The form of an output that shows most; empty where it is only for programs."""
    if "text/html" in data:
        return _html(_text(data["text/html"]))
    for kind in ("svg+xml", "png", "jpeg"):
        if f"image/{kind}" in data:
            return _image(kind, _text(data[f"image/{kind}"]).strip())
    if "text/markdown" in data:
        return prose(_text(data["text/markdown"]))
    return _plain("result", _text(data["text/plain"])) if "text/plain" in data else Markup()


def _text(value: Any) -> str:
    """The text of a field that a notebook file may keep as one string or as its lines.

    Half a character, which JSON may escape and nothing else can hold, is a question mark.
    """
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.encode("utf-8", "replace").decode()


def _html(html: str) -> Markup:
    # Cut before it is cleaned, which closes what the cut has left open.
    return Markup(clean(html[:_LONGEST_HTML])) + _cut(html, _LONGEST_HTML)  # noqa: S704 - cleaned


def prose(source: str, most: int = _LONGEST_TEXT) -> Markup:
    """Markdown as HTML that is safe to put into a page, of `most` characters."""
    # Without links to its headings: cleaning takes away the places they would lead to.
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source[:most])
    return Markup(clean(html)) + _cut(source, most)  # noqa: S704 - cleaned


def _plain(kind: str, text: str) -> Markup:
    """Text of a terminal, its colours kept."""
    html = clean(ansi2html(text[:_LONGEST_TEXT]))  # type: ignore[no-untyped-call]
    shown = Markup('<pre class="{}">{}</pre>').format(kind, Markup(html))  # noqa: S704 - cleaned
    return shown + _cut(text, _LONGEST_TEXT)


def _image(kind: str, content: str) -> Markup:
    # As an image a drawing cannot run or load anything, whatever is in it.
    if kind == "svg+xml":
        content = base64.b64encode(content.encode("utf-8", "replace")).decode()
    if len(content) > _LONGEST_IMAGE:
        return _cut(content, _LONGEST_IMAGE)
    return Markup('<img src="data:image/{};base64,{}" alt="">').format(kind, content)


def _cut(whole: str, most: int) -> Markup:
    """What says that something is not shown; empty where all is."""
    if len(whole) <= most:
        return Markup()
    return Markup('<p class="cut">{}</p>').format(say("page.cut"))
