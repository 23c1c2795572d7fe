"""QR codes as SVG inside the page: no image address, no style, nothing that the content security policy refuses."""

from __future__ import annotations

import segno
from markupsafe import Markup


def as_svg(text: str, *, title: str) -> Markup:
    """The code of `text`, black on white in every colour scheme, with its quiet border; as wide as the page says."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", svgclass="vt-qr", lineclass=None, title=title, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - made by the library of text that it escapes
