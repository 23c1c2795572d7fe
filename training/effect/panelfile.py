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

from core.directory.errors import WrongRow
from core.words import Text
from training.cells import Cells, read_table, short
from training.effect.panel import Panel
from training.errors import TableError

REQUIRED = ("person", "unit", "wave", "period", "active_days")
OPTIONAL = ("drawn",)
MOST_DAYS = 28.0
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

    Raises `TableError` that names the file, and every wrong cell by its line and column.
    """
    table = read_table(path, REQUIRED, OPTIONAL)
    rows: list[PanelRow] = []
    problems: list[WrongRow] = []
    for cells in table.cells():
        rows.append(_row(cells))
        problems += cells.problems
    table.refuse(problems or _contradictions(rows))
    if not rows:
        raise TableError(Text(f"{path.name}: không có dòng số liệu nào.", f"{path.name}: there is no row of figures."))
    return _panel(rows, drawn_said="drawn" in table.places)


def _row(cells: Cells) -> PanelRow:
    wave = _whole(cells, "wave") if cells.cells["wave"] else None
    days = _days(cells) if cells.cells["active_days"] else None
    drawn = cells.flag("drawn", absent=True)
    return PanelRow(cells.line, cells.name("person"), cells.name("unit"), wave, _whole(cells, "period"), days, drawn)


def _whole(cells: Cells, column: str) -> int:
    cell = cells.cells[column]
    if WHOLE.fullmatch(cell):
        return int(cell.partition(".")[0].partition(",")[0])
    if not cell:
        cells.wrong(column, "trống; cần số thứ tự của kỳ", "empty; the number of the period is needed")
    else:
        cells.wrong(
            column,
            f"“{short(cell)}” phải là số thứ tự của kỳ, ví dụ 4",
            f"“{short(cell)}” must be the number of a period, for example 4",
        )
    return 0


def _days(cells: Cells) -> float:
    cell = cells.cells["active_days"]
    days = float(cell.replace(",", ".")) if NUMBER.fullmatch(cell) else None
    if days is None:
        cells.wrong(
            "active_days",
            f"“{short(cell)}” không phải là số ngày; để trống nếu không biết",
            f"“{short(cell)}” is not a number of days; leave it empty where it is not known",
        )
    elif not 0 <= days <= MOST_DAYS:
        cells.wrong(
            "active_days",
            f"“{short(cell)}” phải từ 0 đến {MOST_DAYS:.0f} ngày",
            f"“{short(cell)}” must be from 0 to {MOST_DAYS:.0f} days",
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
