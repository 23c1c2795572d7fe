"""Small edits of WordprocessingML: properties in the order of the schema, runs cut where a change begins or ends."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from eoffice.documents.docx_file.names import MM_A_TWIP, TWIPS_A_POINT, Element, W, child
from eoffice.documents.docx_file.paragraphs import Piece, pieces

_RUN_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "dstrike",
    "outline",
    "shadow",
    "emboss",
    "imprint",
    "noProof",
    "snapToGrid",
    "vanish",
    "webHidden",
    "color",
    "spacing",
    "w",
    "kern",
    "position",
    "sz",
    "szCs",
    "highlight",
    "u",
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
    "specVanish",
    "oMath",
]
_PARAGRAPH_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
]
_SECTION_ORDER = [
    "headerReference",
    "footerReference",
    "footnotePr",
    "endnotePr",
    "type",
    "pgSz",
    "pgMar",
    "paperSrc",
    "pgBorders",
    "lnNumType",
    "pgNumType",
    "cols",
    "formProt",
    "vAlign",
    "noEndnote",
    "titlePg",
    "textDirection",
    "bidi",
    "rtlGutter",
    "docGrid",
    "printerSettings",
    "sectPrChange",
]
_THEME = ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme")
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def placed(parent: Element, name: str, order: list[str]) -> Element:
    """The child `w:name`, made where the schema wants it if it is not there."""
    found = child(parent, name)
    if found is not None:
        return found
    made = etree.Element(W + name)
    rank = order.index(name)
    later = {W + one for one in order[rank + 1 :]}
    at = next((number for number, one in enumerate(parent) if one.tag in later), len(parent))
    parent.insert(at, made)
    return made


def section_property(section: Element, name: str) -> Element:
    """A property of a section."""
    return placed(section, name, _SECTION_ORDER)


def _properties(owner: Element, name: str) -> Element:
    found = child(owner, name)
    if found is None:
        found = etree.Element(W + name)
        owner.insert(0, found)
    return found


def restyle_run(run: Element, look: dict[str, Any]) -> None:
    """Gives a run values of `Look`."""
    properties = _properties(run, "rPr")
    if "size" in look:
        for name in ("sz", "szCs"):
            placed(properties, name, _RUN_ORDER).set(W + "val", str(round(look["size"] * 2)))
    for value, names in (("bold", ("b", "bCs")), ("italic", ("i", "iCs"))):
        for name in names if value in look else ():
            placed(properties, name, _RUN_ORDER).set(W + "val", "1" if look[value] else "0")
    if "font" in look:
        fonts = placed(properties, "rFonts", _RUN_ORDER)
        for name in ("ascii", "hAnsi", "cs"):
            fonts.set(W + name, look["font"])
        for name in _THEME:
            fonts.attrib.pop(W + name, None)
    if "colour" in look:
        colour = placed(properties, "color", _RUN_ORDER)
        colour.attrib.clear()
        colour.set(W + "val", look["colour"] or "auto")


def restyle(paragraph: Element, start: int, end: int, look: dict[str, Any]) -> None:
    """Gives the letters `start` to `end` of a paragraph values of `Look`; runs are cut at both ends."""
    for place in (start, end):
        _cut_run(paragraph, place)
    at = 0
    done: list[Element] = []
    for piece in list(pieces(paragraph)):
        if start <= at < end and piece.run not in done:
            restyle_run(piece.run, look)
            done.append(piece.run)
        at += len(piece.text)


def _cut_run(paragraph: Element, place: int) -> None:
    """Makes a run end at `place`, unless one does."""
    at = 0
    for piece in pieces(paragraph):
        end = at + len(piece.text)
        begins = at == place and piece.element is not next(
            (one.element for one in pieces(paragraph) if one.run is piece.run), None
        )
        if at < place < end or (begins and piece.text):
            _cut(piece, place - at)
            return
        at = end


def _cut(piece: Piece, offset: int) -> None:
    run, element = piece.run, piece.element
    behind = etree.Element(run.tag)
    properties = child(run, "rPr")
    if properties is not None:
        behind.append(copy.deepcopy(properties))
    following = list(element.itersiblings())
    if offset:
        rest = etree.SubElement(behind, element.tag)
        _write(rest, piece.text[offset:])
        _write(element, piece.text[:offset])
    else:
        behind.append(element)
    for one in following:
        behind.append(one)
    behind.tail, run.tail = run.tail, None
    run.addnext(behind)


def _write(element: Element, text: str) -> None:
    element.text = text
    element.set(_XML_SPACE, "preserve")


def retext(paragraph: Element, start: int, end: int, text: str) -> None:
    """Replaces the letters `start` to `end` of a paragraph; what is put looks like the letters there."""
    spans: list[tuple[int, int, Piece]] = []
    at = 0
    for piece in pieces(paragraph):
        spans.append((at, at + len(piece.text), piece))
        at += len(piece.text)
    holder = next((one for one in spans if one[0] <= start < one[1] and one[2].element.tag == W + "t"), None)
    holder = holder or next(
        (one for one in reversed(spans) if one[0] <= start <= one[1] and one[2].element.tag == W + "t"), None
    )
    for first, last, piece in spans:
        inside = (max(start - first, 0), min(end, last) - first)
        kept = piece.text
        cut = inside[0] < inside[1]
        if cut:
            kept = piece.text[: inside[0]] + piece.text[inside[1] :]
        if holder is not None and piece.element is holder[2].element:
            place = start - first
            _write(piece.element, piece.text[:place] + text + piece.text[max(place, inside[1] if cut else place) :])
        elif cut and piece.element.tag == W + "t":
            _write(piece.element, kept)
        elif cut:
            piece.run.remove(piece.element)


def relayout(paragraph: Element, layout: dict[str, Any]) -> None:
    """Gives a paragraph values of `Layout`."""
    properties = _properties(paragraph, "pPr")
    if "align" in layout:
        named = {"justify": "both"}.get(layout["align"], layout["align"])
        placed(properties, "jc", _PARAGRAPH_ORDER).set(W + "val", named)
    if {"first_line", "left"} & layout.keys():
        indent = placed(properties, "ind", _PARAGRAPH_ORDER)
        for name in ("hanging", "firstLineChars", "hangingChars"):
            indent.attrib.pop(W + name, None)
        if "first_line" in layout:
            indent.set(W + "firstLine", str(round(layout["first_line"] / MM_A_TWIP)))
        if "left" in layout:
            for name in ("start", "startChars", "leftChars"):
                indent.attrib.pop(W + name, None)
            indent.set(W + "left", str(round(layout["left"] / MM_A_TWIP)))
    if {"before", "after", "lines"} & layout.keys():
        spacing = placed(properties, "spacing", _PARAGRAPH_ORDER)
        for side in ("before", "after"):
            if side in layout:
                spacing.attrib.pop(W + side + "Lines", None)
                spacing.set(W + side + "Autospacing", "0")
                spacing.set(W + side, str(round(layout[side] * TWIPS_A_POINT)))
        if "lines" in layout:
            spacing.set(W + "line", str(round(layout["lines"] * 240)))
            spacing.set(W + "lineRule", "auto")
