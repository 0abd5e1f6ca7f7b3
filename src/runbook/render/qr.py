"""A text as a code that a phone's camera reads."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """The QR code as SVG, dark on white with its margin; the same text is the same drawing."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=4, light="white", xmldecl=False, svgns=False, omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - a drawing of squares
