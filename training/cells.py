"""Tables that offices send (CSV or XLSX), cell by cell: every wrong one is named by file, line and column.

All rows are right or none is taken: a figure or a draw that silently left somebody out would be worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.directory.errors import RosterError, WrongRow, wrong_rows
from core.directory.rosterfile.rows import clean
from core.directory.rosterfile.sheets import Line, read_sheet
from core.words import Text, inert
from training.errors import TableError

LONGEST = 200
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file under its header, and where each known column stands."""

    file: str
    head: Line
    rows: tuple[Line, ...]
    places: dict[str, int]

    def cells(self) -> Iterator[Cells]:
        """Each row's cells, to be checked."""
        for line in self.rows:
            found = {name: clean(line.cells[at]) if at < len(line.cells) else "" for name, at in self.places.items()}
            checked = Cells(line.number, found)
            if any(line.cells[len(self.head.cells) :]):
                checked.wrong(
                    "",
                    "nhiều ô hơn dòng tiêu đề; số lẻ viết bằng dấu phẩy phải nằm trong ngoặc kép",
                    "more cells than the heading has; a decimal comma must stand within quotation marks",
                )
            yield checked

    def refuse(self, problems: list[WrongRow]) -> None:
        """Raises `TableError` where there is anything wrong."""
        if problems:
            ordered = sorted(problems, key=lambda problem: problem.line)
            raise TableError(wrong_rows(self.file, ordered).message)


class Cells:
    """The cells of one row; what is wrong with them gathers in `problems`."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line = line
        self.cells = cells
        self.problems: list[WrongRow] = []

    def wrong(self, column: str, vi: str, en: str) -> None:
        """Keeps what would be right in `column`."""
        self.problems.append(WrongRow(self.line, column, Text(vi, en)))

    def name(self, column: str) -> str:
        """A name or a number by which somebody or something is called; never a formula."""
        cell = self.cells[column]
        if not cell:
            self.wrong(column, "trống", "empty")
        elif len(cell) > LONGEST:
            self.wrong(column, f"dài quá {LONGEST} ký tự", f"longer than {LONGEST} characters")
        elif inert(cell) != cell:
            self.wrong(
                column,
                f"“{short(cell)}” là công thức của bảng tính; cần tên hoặc mã",
                f"“{short(cell)}” is a spreadsheet formula; a name or a number is needed",
            )
        elif not cell.isprintable():
            self.wrong(column, "có ký tự điều khiển", "holds a control character")
        return cell

    def flag(self, column: str, *, absent: bool) -> bool:
        """0 or 1; an empty cell is 0, a column that is not there `absent`."""
        cell = self.cells.get(column, "1" if absent else "0")
        if cell not in {"0", "1", ""}:
            self.wrong(column, f"“{short(cell)}” phải là 0 hoặc 1", f"“{short(cell)}” must be 0 or 1")
        return cell == "1"


def read_table(path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Table:
    """The table in `path`; columns may stand in any order, other columns are left alone.

    Raises `TableError` when the file is missing, too large, neither CSV nor XLSX, and for columns that are missing or
    stand twice.
    """
    try:
        head, *rows = read_sheet(path)
    except RosterError as wrong:
        raise TableError(wrong.message, detail=wrong.detail) from wrong
    names = [clean(cell).lower().replace(" ", "_") for cell in head.cells]
    known = (*required, *optional)
    missing = ", ".join(name for name in required if name not in names)
    twice = ", ".join(name for name in known if names.count(name) > 1)
    if missing or twice:
        vi = [f"thiếu cột {missing}"] * bool(missing) + [f"cột {twice} có hai lần"] * bool(twice)
        en = [f"columns missing: {missing}"] * bool(missing) + [f"{twice} stands twice"] * bool(twice)
        more = ",".join(optional)
        raise TableError(
            Text(
                f"{path.name}, dòng {head.number}: {'; '.join(vi)}. "
                f"Cần có các cột {','.join(required)} (có thể thêm {more}).",
                f"{path.name}, line {head.number}: {'; '.join(en)}. "
                f"The columns needed are {','.join(required)} (and {more}, if known).",
            )
        )
    return Table(path.name, head, tuple(rows), {name: names.index(name) for name in known if name in names})


def short(text: str) -> str:
    """A cell in a sentence: cut where it is long."""
    return text if len(text) <= 60 else text[:57] + "…"
