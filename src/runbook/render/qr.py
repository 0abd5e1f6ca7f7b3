"""A text as a code that a phone's camera reads: dark on white with its margin on any page."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """The QR code as SVG to stand in a page; the same text is the same drawing."""
    return Markup(_drawn(text, namespace=False).decode())  # noqa: S704 - a drawing of squares


def qr_file(text: str) -> bytes:
    """The QR code as an SVG file of its own."""
    return _drawn(text, namespace=True)


def _drawn(text: str, namespace: bool) -> bytes:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=4,
        light="white",
        xmldecl=False,
        svgns=namespace,
        omitsize=True,
    )
    return drawn.getvalue()
