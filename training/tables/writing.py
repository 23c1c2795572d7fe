"""Writing a table as rows come, so that a whole city needs no more memory than a village."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter

from core.words import Language, Text, inert, showable
from training.tables.columns import Cell, Column

LONGEST = 32_767
"""Characters that Excel takes in a cell."""
OPTIONS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], to: IO[bytes]) -> int:
    """Write the table as UTF-8 with a byte order mark, as Excel wants it, and line ends of RFC 4180; gives the rows."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow([column.name for column in columns])
    count = 0
    for cells in rows:
        table.writerow([_plain(cell) for cell in cells])
        count += 1
    text.flush()
    text.detach()
    return count


def write_xlsx(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], to: IO[bytes], *, title: Text, language: Language,
    day: date,
) -> int:  # fmt: skip
    """Write the table as a workbook of one sheet, its head fixed and filtered, dated `day`; gives the rows."""
    with TemporaryDirectory(prefix="vanthu-") as folder:
        return _workbook(columns, rows, to, title.to(language), language, day, Path(folder))


def _workbook(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], to: IO[bytes], title: str, language: Language,
    day: date, folder: Path,
) -> int:  # fmt: skip
    book = xlsxwriter.Workbook(to, OPTIONS | {"tmpdir": str(folder)})
    book.set_properties({"title": title, "author": "Vanthu", "created": datetime.combine(day, time.min)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DBE4E9", "bottom": 1})
    shown = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    sheet = book.add_worksheet(title[:31])
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.heading.to(language), head)
    count = 0
    for count, cells in enumerate(rows, start=1):
        for index, cell in enumerate(cells):
            _write(sheet, count, index, cell, shown)
    sheet.autofilter(0, 0, count, len(columns) - 1)
    book.close()
    return count


def _write(sheet: Any, row: int, index: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, index, showable(cell)[:LONGEST])
    elif isinstance(cell, date):
        sheet.write_datetime(row, index, datetime.combine(cell, time.min), day)
    elif cell is not None:
        sheet.write_number(row, index, cell)


def _plain(cell: Cell) -> str | int | float:
    if isinstance(cell, str):
        return inert(showable(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell
