"""A document as the form check sees it: blocks with ids, each with a role, its words and how they look.

A draft written in the browser and a DOCX written elsewhere both become a `Draft`; the rules know nothing else. Lengths
on the page are millimetres, sizes and spaces between paragraphs are points, line spacing is in lines; None is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Align = Literal["left", "center", "right", "justify"]
Corner = Literal["header", "footer"]


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look, after styles, defaults and themes; `colour` is RRGGBB, or None for automatic (black)."""

    font: str | None = None
    size: float | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    caps: bool = False
    """Shown in capitals though not typed so."""
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look."""

    text: str
    look: Look = field(default_factory=Look)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a paragraph stands: indents in mm, space before and after in points, `lines` as a multiple of single."""

    align: Align = "left"
    first_line: float = 0.0
    left: float = 0.0
    before: float = 0.0
    after: float = 0.0
    lines: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A horizontal line below a block; `length` in mm where it is known."""

    length: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a document: a paragraph, or a line of one where several parts stand in one paragraph."""

    id: str
    role: str
    runs: tuple[Run, ...] = ()
    layout: Layout = field(default_factory=Layout)
    line: Drawn | None = None
    """The line drawn below it."""
    label: str = ""
    """The number or dash that the program puts in front by itself; not part of the words."""
    paragraph: int = 0
    """Which paragraph of the file, from 1; 0 where the document has no paragraphs of its own."""
    start: int = 0
    """Where in that paragraph's text it begins."""
    shared: bool = False
    """Other parts stand in the same paragraph, so its layout says nothing of this one."""
    column: int = 0
    """The column of the table it stands in, from 1; 0 outside tables."""
    table: int = 0
    """Which table of the file, from 1; 0 outside tables."""

    @property
    def beside(self) -> bool:
        """Whether tabs put it beside something else, so that its place on the line is not its alignment."""
        return self.shared or self.text.startswith("\t") or self.text.endswith("\t")

    @property
    def text(self) -> str:
        """Its words, without the label."""
        return "".join(run.text for run in self.runs)

    @property
    def said(self) -> str:
        """Its words as they are read on paper: the label in front, no space around."""
        return f"{self.label} {self.text.strip()}".strip()

    def cut(self, start: int, end: int) -> Block:
        """The part of it from `start` to `end` of its text, its id marked with the place."""
        kept: list[Run] = []
        at = 0
        for run in self.runs:
            piece = run.text[max(start - at, 0) : max(end - at, 0)]
            if piece:
                kept.append(replace(run, text=piece))
            at += len(run.text)
        mark = self.id if start == 0 else f"{self.id}.{start}"
        return replace(self, id=mark, runs=tuple(kept), start=self.start + start, label="" if start else self.label)


@dataclass(frozen=True, slots=True)
class Page:
    """Paper and margins of one section, in mm; the gutter counts to the left margin."""

    width: float = 210.0
    height: float = 297.0
    top: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    right: float = 20.0


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The page number as it is shown; `numerals` as OOXML names them (`decimal`, `lowerRoman`, …)."""

    where: Corner = "header"
    align: Align = "center"
    size: float | None = 13.0
    italic: bool = False
    on_first: bool = False
    numerals: str = "decimal"
    begins: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A document: its type (a key of the rule set, or empty where it was not recognised), pages and blocks in order."""

    type: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = (Page(),)
    page_number: PageNumber | None = None
    several_pages: bool = False
    """Certainly longer than one page."""

    def of(self, *roles: str) -> tuple[Block, ...]:
        """The blocks of these roles, in their order."""
        return tuple(block for block in self.blocks if block.role in roles)

    def block(self, block_id: str) -> Block | None:
        """The block of that id."""
        return next((block for block in self.blocks if block.id == block_id), None)
