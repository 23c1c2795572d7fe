"""The plan of a letter: what it says, and how each paragraph looks, in points and millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Piece:
    """Letters of one look."""

    text: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    font: str = "Times New Roman"
    colour: str = ""


@dataclass
class Para:
    """One paragraph of the plan; `part` is the planner's own word for it."""

    part: str
    pieces: list[Piece]
    align: str = "left"
    first: float = 0.0
    left: float = 0.0
    before: float = 0.0
    after: float = 0.0
    lines: float = 1.0
    rule: float = 0.0
    """A line drawn below: its length in mm, 0 for none."""

    @property
    def text(self) -> str:
        """All it says."""
        return "".join(piece.text for piece in self.pieces)

    def say(self, text: str) -> None:
        """Other words in the look of the first piece."""
        self.pieces = [Piece(**{**vars(self.pieces[0]), "text": text})]


@dataclass
class Numbering:
    """The page number of the plan."""

    where: str = "header"
    align: str = "center"
    size: float = 13
    italic: bool = False
    first_page: bool = False
    numerals: str = ""
    start: int = 0


@dataclass
class Letter:
    """One planned document."""

    kind: str
    left: list[Para]
    right: list[Para]
    middle: list[Para]
    foot_left: list[Para]
    foot_right: list[Para]
    behind: list[Para] = field(default_factory=list)
    paper: tuple[float, float] = (210.0, 297.0)
    margins: dict[str, float] = field(
        default_factory=lambda: {"top": 20.0, "bottom": 20.0, "left": 30.0, "right": 20.0}
    )
    numbering: Numbering | None = None
    seeds: list[Seed] = field(default_factory=list)
    layout: str = "table"
    """`table`: head and foot in tables; `breaks`: the same, organs in one paragraph; `tabs`: no tables at all."""

    def paras(self) -> Iterator[Para]:
        """Every paragraph."""
        for group in (self.left, self.right, self.middle, self.foot_left, self.foot_right, self.behind):
            yield from group

    def of(self, *parts: str) -> list[Para]:
        """The paragraphs of these parts."""
        return [para for para in self.paras() if para.part in parts]

    def drop(self, *parts: str) -> None:
        """Leaves them out."""
        for group in (self.left, self.right, self.middle, self.foot_left, self.foot_right, self.behind):
            group[:] = [para for para in group if para.part not in parts]


@dataclass(frozen=True)
class Seed:
    """One fault put into a letter: its name, the published rule it breaks, and the words where it stands."""

    fault: str
    rule: str
    places: tuple[str, ...] = ()
    """The whole text of each paragraph that has it; none where something is missing or the page is wrong."""
