"""Horizontal lines that are drawn: shapes anchored in a paragraph (DrawingML or VML) and borders below one."""

from __future__ import annotations

import re

from eoffice.documents.docx_file.names import MC, MM_AN_EMU, A, Element, V, W, child, value
from eoffice.documents.draft import Drawn

_STRAIGHT = frozenset({"line", "straightConnector1"})
_CONNECTORS = frozenset({"#_x0000_t32", "#_x0000_t20"})
_WIDTH = re.compile(r"(?:^|;)\s*width:\s*([\d.]+)(pt|in|mm|cm)")
_POINT = re.compile(r"^\s*(-?[\d.]+)(pt|in|mm|cm)?\s*,")
_MM = {"pt": 25.4 / 72, "in": 25.4, "mm": 1.0, "cm": 10.0}
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"


def drawn(paragraph: Element, border: Element | None) -> Drawn | None:
    """The line below a paragraph, if one is drawn; `border` is its effective `w:pBdr`."""
    bottom = child(border, "bottom")
    if bottom is not None and (value(bottom) or "none") not in {"none", "nil"}:
        return Drawn(None)
    for one in paragraph.iter(W + "drawing", W + "pict"):
        above = [step.tag for step in one.iterancestors()]
        if MC + "Fallback" in above or W + "txbxContent" in above:
            continue
        found = _of_drawing(one) if one.tag == W + "drawing" else _of_vml(one)
        if found is not None:
            return found
    return None


def _of_drawing(drawing: Element) -> Drawn | None:
    if not any(shape.get("prst") in _STRAIGHT for shape in drawing.iter(A + "prstGeom")):
        return None
    extent = next(drawing.iter(_EXTENT), None)
    width = (extent.get("cx") or "") if extent is not None else ""
    return Drawn(round(int(width) * MM_AN_EMU, 1) if width.isdecimal() and len(width) < 12 else None)


def _of_vml(picture: Element) -> Drawn | None:
    for shape in picture.iter(V + "line", V + "shape"):
        if shape.tag == V + "shape" and shape.get("type") not in _CONNECTORS:
            continue
        ends = [_POINT.match(shape.get(name) or "") for name in ("from", "to")]
        if ends[0] and ends[1]:
            return Drawn(round(abs(_mm(ends[1][1], ends[1][2]) - _mm(ends[0][1], ends[0][2])), 1))
        width = _WIDTH.search(shape.get("style") or "")
        return Drawn(round(_mm(width[1], width[2]), 1) if width else None)
    return None


def _mm(text: str, unit: str | None) -> float:
    try:
        return float(text) * _MM.get(unit or "pt", 1.0)
    except ValueError:
        return 0.0
