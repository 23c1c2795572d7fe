"""Names of WordprocessingML (ECMA-376) and small readers of its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives its element no public name

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"
W = f"{{{W_NAMESPACE}}}"
A = f"{{{DRAWING}}}"
MC = f"{{{MARKUP}}}"
V = f"{{{VML}}}"
R = f"{{{OFFICE}}}"

TWIPS_A_POINT = 20
MM_A_TWIP = 25.4 / 1440
MM_AN_EMU = 25.4 / 914400
OFF = frozenset({"0", "false", "off"})


def child(element: Element | None, name: str) -> Element | None:
    """The first child `w:name`."""
    return None if element is None else element.find(W + name)


def children(element: Element, name: str) -> Iterator[Element]:
    """The children `w:name`."""
    yield from element.iterchildren(W + name)


def value(element: Element | None, name: str = "val") -> str | None:
    """The attribute `w:name` of the element, or None where either is missing."""
    return None if element is None else element.get(W + name)


def number(element: Element | None, name: str = "val") -> float | None:
    """The attribute as a number: plain ones as they are, measures such as `12pt` or `2cm` in twips."""
    text = (value(element, name) or "").strip()
    for unit, twips in (("pt", 20.0), ("mm", 56.6929), ("cm", 566.929), ("in", 1440.0), ("pc", 240.0), ("pi", 240.0)):
        if text.endswith(unit):
            found = _float(text.removesuffix(unit))
            return None if found is None else found * twips
    return _float(text)


def _float(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < 1e7 else None  # neither infinite nor beyond any paper


def switched(element: Element | None, name: str) -> bool | None:
    """A property that is on or off (`w:b`, `w:i`): None where it is not said."""
    found = child(element, name)
    return None if found is None else (value(found) or "1").strip().lower() not in OFF
