"""What a table is made of: named columns with their headings, and cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.words import Text

Cell = str | int | float | date | None
"""None is an empty cell: nothing to say, or not known."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in CSV, its heading in a workbook, and how wide it is there (in characters)."""

    name: str
    heading: Text
    width: int = 14
