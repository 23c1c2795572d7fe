"""The paragraphs of a DOCX in the order of reading, and the signs of each with the element that holds them.

Text boxes are read where they are anchored, in one of the two forms that Word writes side by side. What was deleted
with tracked changes, and hidden text, is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eoffice.documents.docx_file.archive import not_usable
from eoffice.documents.docx_file.names import MC, Element, W, child, switched, value

MOST_PARAGRAPHS = 20_000
_GONE = frozenset({MC + "Fallback", W + "del", W + "moveFrom"})
_HOLDS_RUNS = frozenset(
    W + name
    for name in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "bdo", "dir")
)
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "softHyphen": ""}


@dataclass(frozen=True, slots=True)
class Placed:
    """One paragraph and where it stands; numbers from 1, 0 outside tables."""

    element: Element
    number: int
    table: int
    column: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Signs that one element of a run stands for."""

    text: str
    element: Element
    run: Element


def paragraphs(body: Element) -> Iterator[Placed]:
    """Every paragraph that is read, in order. Raises DocumentFileError past MOST_PARAGRAPHS."""
    tables: dict[Element, int] = {}
    for at, element in enumerate(body.iter(W + "p"), 1):
        if at > MOST_PARAGRAPHS:
            raise not_usable(f"more than {MOST_PARAGRAPHS} paragraphs")
        table = column = 0
        gone = False
        for above in element.iterancestors():
            gone = gone or above.tag in _GONE
            if above.tag == W + "tc" and not column:
                column = sum(1 for _cell in above.itersiblings(W + "tc", preceding=True)) + 1
            if above.tag == W + "tbl":
                table = tables.setdefault(above, len(tables) + 1)
        if not gone:
            yield Placed(element, at, table, column)


def pieces(paragraph: Element) -> Iterator[Piece]:
    """The signs of one paragraph in order; a text box in it is left to its own paragraphs."""
    for one in paragraph:
        if one.tag == W + "r":
            yield from _of_run(one)
        elif one.tag in _HOLDS_RUNS:
            yield from pieces(one)


def _of_run(run: Element) -> Iterator[Piece]:
    if switched(child(run, "rPr"), "vanish"):
        return
    for one in run:
        if one.tag == W + "t":
            yield Piece(one.text or "", one, run)
        elif one.tag == W + "br":
            if value(one, "type") in {None, "textWrapping"}:
                yield Piece("\n", one, run)
        elif one.tag == W + "sym":
            yield Piece("\ufffd", one, run)
        elif one.tag in _SIGNS:
            yield Piece(_SIGNS[one.tag], one, run)
