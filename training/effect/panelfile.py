"""A panel from a CSV or XLSX file: one row a person and period, all of them right or none is taken.

Columns `person,unit,wave,period,active_days`, optional `drawn`, in any order; other columns are left alone.

- `period`: whole numbers that follow each other without a gap, each 28 days.
- `active_days`: 0 to 28; empty where it is not known (which is not zero), and so is a period without a row.
- `wave`: the first period after the person's training; empty for never or not yet.
- `drawn`: 1 where a draw decided the wave, else 0; without the column everybody's wave is taken for drawn.
- `unit` may change when a person is transferred: what counts is the unit before the first wave.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.directory.errors import RosterError, WrongRow, wrong_rows
from core.directory.rosterfile.rows import clean
from core.directory.rosterfile.sheets import Line, read_sheet
from core.words import Text, inert
from training.effect.panel import Panel
from training.errors import PanelError

REQUIRED = ("person", "unit", "wave", "period", "active_days")
OPTIONAL = ("drawn",)
MOST_DAYS = 28.0
LONGEST = 200
MOST_PERIODS = 200
WHOLE = re.compile(r"-?\d{1,6}(?:[.,]0{1,6})?", re.ASCII)
NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One row whose cells are right by themselves; whether rows agree is seen later."""

    line: int
    person: str
    unit: str
    wave: int | None
    period: int
    days: float | None
    drawn: bool


def read_panel(path: Path) -> Panel:
    """The panel in `path`.

    Raises `PanelError` that names the file, and every wrong cell by its line and column.
    """
    try:
        sheet = read_sheet(path)
        places = _places(sheet[0], path.name)
        rows, problems = _rows(sheet, places)
        problems = problems or _contradictions(rows)
        if problems:
            raise wrong_rows(path.name, sorted(problems, key=lambda problem: problem.line))
    except RosterError as wrong:
        raise PanelError(wrong.message, detail=wrong.detail) from wrong
    if not rows:
        raise PanelError(Text(f"{path.name}: không có dòng số liệu nào.", f"{path.name}: there is no row of figures."))
    return _panel(rows, drawn_said="drawn" in places)


def _places(head: Line, file: str) -> dict[str, int]:
    """Column -> where it stands; raises `PanelError` for columns that are missing or stand twice."""
    names = [clean(cell).lower().replace(" ", "_") for cell in head.cells]
    known = (*REQUIRED, *OPTIONAL)
    missing = ", ".join(name for name in REQUIRED if name not in names)
    twice = ", ".join(name for name in known if names.count(name) > 1)
    if missing or twice:
        vi = [f"thiếu cột {missing}"] * bool(missing) + [f"cột {twice} có hai lần"] * bool(twice)
        en = [f"columns missing: {missing}"] * bool(missing) + [f"{twice} stands twice"] * bool(twice)
        need = ",".join(REQUIRED)
        raise PanelError(
            Text(
                f"{file}, dòng {head.number}: {'; '.join(vi)}. Cần có các cột {need} (có thể thêm drawn).",
                f"{file}, line {head.number}: {'; '.join(en)}. The columns needed are {need} (and drawn, if known).",
            )
        )
    return {name: names.index(name) for name in known if name in names}


def _rows(sheet: list[Line], places: dict[str, int]) -> tuple[list[PanelRow], list[WrongRow]]:
    rows: list[PanelRow] = []
    problems: list[WrongRow] = []
    for line in sheet[1:]:
        if len(line.cells) > len(sheet[0].cells) and any(line.cells[len(sheet[0].cells) :]):
            problems.append(
                WrongRow(
                    line.number,
                    "",
                    Text(
                        "nhiều ô hơn dòng tiêu đề; số lẻ viết bằng dấu phẩy phải nằm trong ngoặc kép",
                        "more cells than the heading has; a decimal comma must stand within quotation marks",
                    ),
                )
            )
            continue
        cells = {name: clean(line.cells[at]) if at < len(line.cells) else "" for name, at in places.items()}
        checked = _Checked(line.number, cells)
        problems += checked.problems
        rows.append(checked.row)
    return rows, problems


class _Checked:
    """The cells of one row, read; what is wrong is in `problems`."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line = line
        self.problems: list[WrongRow] = []
        wave = self._whole("wave", cells["wave"]) if cells["wave"] else None
        days = self._days(cells["active_days"]) if cells["active_days"] else None
        drawn = cells.get("drawn", "1")
        if drawn not in {"0", "1", ""}:
            self._wrong("drawn", f"“{_short(drawn)}” phải là 0 hoặc 1", f"“{_short(drawn)}” must be 0 or 1")
        person, unit = self._name("person", cells["person"]), self._name("unit", cells["unit"])
        self.row = PanelRow(line, person, unit, wave, self._whole("period", cells["period"]), days, drawn == "1")

    def _wrong(self, column: str, vi: str, en: str) -> None:
        self.problems.append(WrongRow(self.line, column, Text(vi, en)))

    def _name(self, column: str, cell: str) -> str:
        if not cell:
            self._wrong(column, "trống", "empty")
        elif len(cell) > LONGEST:
            self._wrong(column, f"dài quá {LONGEST} ký tự", f"longer than {LONGEST} characters")
        elif inert(cell) != cell:
            self._wrong(
                column,
                f"“{_short(cell)}” là công thức của bảng tính; cần tên hoặc mã",
                f"“{_short(cell)}” is a spreadsheet formula; a name or a number is needed",
            )
        elif not cell.isprintable():
            self._wrong(column, "có ký tự điều khiển", "holds a control character")
        return cell

    def _whole(self, column: str, cell: str) -> int:
        if WHOLE.fullmatch(cell):
            return int(cell.partition(".")[0].partition(",")[0])
        if not cell:
            self._wrong(column, "trống; cần số thứ tự của kỳ", "empty; the number of the period is needed")
        else:
            self._wrong(
                column,
                f"“{_short(cell)}” phải là số thứ tự của kỳ, ví dụ 4",
                f"“{_short(cell)}” must be the number of a period, for example 4",
            )
        return 0

    def _days(self, cell: str) -> float:
        days = float(cell.replace(",", ".")) if NUMBER.fullmatch(cell) else None
        if days is None:
            self._wrong(
                "active_days",
                f"“{_short(cell)}” không phải là số ngày; để trống nếu không biết",
                f"“{_short(cell)}” is not a number of days; leave it empty where it is not known",
            )
        elif not 0 <= days <= MOST_DAYS:
            self._wrong(
                "active_days",
                f"“{_short(cell)}” phải từ 0 đến {MOST_DAYS:.0f} ngày",
                f"“{_short(cell)}” must be from 0 to {MOST_DAYS:.0f} days",
            )
        return days or 0.0


def _contradictions(rows: list[PanelRow]) -> list[WrongRow]:
    """Rows that are right by themselves and cannot all be true."""
    first_rows: dict[str, PanelRow] = {}
    seen: dict[tuple[str, int], int] = {}
    problems: list[WrongRow] = []

    def wrong(row: PanelRow, column: str, vi: str, en: str) -> None:
        problems.append(WrongRow(row.line, column, Text(vi, en)))

    periods = {row.period for row in rows}
    for row in rows:
        of_person = first_rows.setdefault(row.person, row)
        earlier = seen.setdefault((row.person, row.period), row.line)
        if earlier != row.line:
            wrong(
                row,
                "period",
                f"người và kỳ này đã có ở dòng {earlier}",
                f"person and period as in line {earlier}",
            )
        if row.wave != of_person.wave:
            wrong(row, "wave", f"khác với dòng {of_person.line} của cùng người", f"differs from line {of_person.line}")
        elif row.drawn != of_person.drawn:
            wrong(row, "drawn", f"khác với dòng {of_person.line} của cùng người", f"differs from line {of_person.line}")
        elif row is of_person and row.wave is not None and not min(periods) <= row.wave <= max(periods):
            wrong(
                row,
                "wave",
                f"số liệu từ kỳ {min(periods)} đến {max(periods)}, không có kỳ {row.wave}; để trống nếu chưa đến đợt",
                f"there is no period {row.wave} (from {min(periods)} to {max(periods)}); leave it empty for not yet",
            )
    return problems or _gaps(rows, periods)


def _gaps(rows: list[PanelRow], periods: set[int]) -> list[WrongRow]:
    numbers = sorted(periods)
    for before, after in itertools.pairwise(numbers):
        if after != before + 1:
            row = next(row for row in rows if row.period == after)
            return [
                WrongRow(
                    row.line,
                    "period",
                    Text(
                        f"từ kỳ {before} nhảy đến kỳ {after}; các kỳ ở giữa không có dòng nào",
                        f"from period {before} to period {after}: the periods between them have no row",
                    ),
                )
            ]
    if len(numbers) > MOST_PERIODS:
        words = Text(f"nhiều hơn {MOST_PERIODS} kỳ", f"more than {MOST_PERIODS} periods")
        return [WrongRow(rows[0].line, "period", words)]
    return []


def _panel(rows: list[PanelRow], *, drawn_said: bool) -> Panel:
    first, last = min(row.period for row in rows), max(row.period for row in rows)
    person_of = {name: number for number, name in enumerate(dict.fromkeys(row.person for row in rows))}
    days = np.full((len(person_of), last - first + 1), np.nan)
    start = np.full(len(person_of), last - first + 1, dtype=np.int64)
    drawn = np.zeros(len(person_of), dtype=np.bool_)
    units = [""] * len(person_of)
    draw_at = min((row.wave for row in rows if row.wave is not None), default=last + 1)
    for row in sorted(rows, key=lambda row: row.period):
        number = person_of[row.person]
        days[number, row.period - first] = np.nan if row.days is None else row.days
        start[number] = last - first + 1 if row.wave is None else row.wave - first
        drawn[number] = row.drawn
        if row.period < draw_at or not units[number]:
            units[number] = row.unit
    unit = np.unique(units, return_inverse=True)[1].astype(np.int64)
    return Panel(unit, start, drawn, days, drawn_said, first)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
