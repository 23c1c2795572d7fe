"""Targets from a CSV or XLSX file: one row each, all of them right or none is taken.

Columns, under an English or a Vietnamese heading: the unit (`*` for the whole city), the rank, the share ("80", "80 %"
or "0.8"; "1" is everybody) and the day by which it is to be reached (2026-12-31 or 31/12/2026).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

from core.directory.name_order import folded
from core.directory.rosterfile.sheets import Line, read_sheet
from core.errors import InputError
from core.words import Text
from mail_audit.report.model import Rank
from mail_audit.targets import WHOLE_CITY, Target

COLUMNS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "don vi"),
    "rank": ("rank", "nhom", "group"),
    "share": ("share", "target", "muc tieu", "ty le"),
    "due": ("due", "by", "han", "den ngay"),
}
RANKS: dict[str, Rank] = {
    "leader": "leader", "leaders": "leader", "lanh dao": "leader",
    "staff": "staff", "chuyen vien": "staff", "nhan vien": "staff", "chuyen vien, nhan vien": "staff",
}  # fmt: skip
EVERYWHERE = frozenset({"*", "toan thanh pho", "the whole city"})
MOST_SHOWN = 20


class TargetFileError(InputError):
    """A file of targets that cannot be used; `problems` are its rows that are wrong."""

    def __init__(self, message: Text, problems: tuple[Text, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems or (message,)


def read(path: Path, units: Collection[str]) -> tuple[Target, ...]:
    """The targets in `path`, for units that are among `units`.

    Raises `TargetFileError` with every row that is wrong, and the directory's `RosterError` where it is no table.
    """
    head, *rows = read_sheet(path)
    places = _places(head)
    found: dict[tuple[str, Rank, date], Target] = {}
    problems: list[Text] = []
    for row in rows:
        try:
            target = _target(row, places, units)
        except _WrongCellError as wrong:
            problems.append(wrong.text)
            continue
        if (target.unit, target.rank, target.due) in found:
            problems.append(
                Text(
                    f"Dòng {row.number}: trùng đơn vị, nhóm và hạn với một dòng trước.",
                    f"Line {row.number}: unit, rank and day are those of an earlier line.",
                )
            )
        found[target.unit, target.rank, target.due] = target
    if problems:
        raise _refused(problems)
    if not found:
        raise TargetFileError(Text("Tệp không có mục tiêu nào.", "The file has no target."))
    return tuple(found.values())


class _WrongCellError(Exception):
    """A cell that cannot be used."""

    def __init__(self, line: int, words: Text) -> None:
        super().__init__(words.en)
        self.text = Text(f"Dòng {line}: {words.vi}", f"Line {line}: {words.en}")


def _refused(problems: list[Text]) -> TargetFileError:
    more = len(problems) - 1
    first = problems[0]
    message = Text(
        first.vi + (f" (và {more} dòng sai nữa)" if more else ""),
        first.en + (f" (and {more} more wrong lines)" if more else ""),
    )
    return TargetFileError(message, tuple(problems[:MOST_SHOWN]))


def _places(head: Line) -> dict[str, int]:
    """Column -> its place; raises where one is missing."""
    headings = [folded(cell.strip()) for cell in head.cells]
    places = {
        column: next((number for number, heading in enumerate(headings) if heading in names), -1)
        for column, names in COLUMNS.items()
    }
    missing = [column for column, place in places.items() if place < 0]
    if missing:
        raise TargetFileError(
            Text(
                f"Tệp thiếu cột {', '.join(missing)}; cần bốn cột: unit, rank, share, due "
                "(hoặc: đơn vị, nhóm, mục tiêu, hạn).",
                f"The file lacks the column {', '.join(missing)}; it needs unit, rank, share and due.",
            )
        )
    return places


def _target(row: Line, places: dict[str, int], units: Collection[str]) -> Target:
    cells = {name: row.cells[place].strip() if place < len(row.cells) else "" for name, place in places.items()}
    rank = RANKS.get(folded(cells["rank"]))
    if rank is None:
        raise _WrongCellError(
            row.number,
            Text(
                f"nhóm “{cells['rank']}” phải là leader hoặc staff (lãnh đạo, chuyên viên).",
                f"the rank “{cells['rank']}” must be leader or staff.",
            ),
        )
    return Target(_unit(row.number, cells["unit"], units), rank, _share(row.number, cells["share"]), _due(row, cells))


def _unit(line: int, written: str, units: Collection[str]) -> str:
    if folded(written) in EVERYWHERE:
        return WHOLE_CITY
    name = " ".join(written.split())
    if name in units:
        return name
    alike = [unit for unit in units if folded(unit) == folded(name)] if name else []
    if len(alike) == 1:
        return alike[0]
    raise _WrongCellError(
        line,
        Text(
            f"không có đơn vị “{name}” trong danh bạ (ghi * cho toàn thành phố).",
            f"there is no unit “{name}” in the directory (write * for the whole city).",
        ),
    )


def _share(line: int, written: str) -> float:
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,6})?)\s*(%?)", written)
    if match:
        number = float(match[1].replace(",", "."))
        share = number / 100 if match[2] or number > 1 else number
        if 0 < share <= 1:
            return round(share, 6)
    raise _WrongCellError(
        line,
        Text(
            f"mục tiêu “{written}” phải là một tỷ lệ, ví dụ 80 hoặc 80 %.",
            f"the share “{written}” must be a percentage, for example 80 or 80%.",
        ),
    )


def _due(row: Line, cells: dict[str, str]) -> date:
    written = cells["due"].partition(" ")[0].partition("T")[0]
    vietnamese = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", written)
    try:
        if vietnamese:
            return date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1]))
        return date.fromisoformat(written)
    except ValueError:
        words = Text(
            f"hạn “{cells['due']}” phải là một ngày, ví dụ 2026-12-31 hoặc 31/12/2026.",
            f"the day “{cells['due']}” must be a date, for example 2026-12-31 or 31/12/2026.",
        )
        raise _WrongCellError(row.number, words) from None
