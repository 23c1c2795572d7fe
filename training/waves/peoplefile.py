"""Who is to be drawn, and what a draw was announced to be: CSV or XLSX in, CSV out.

People: columns `person,unit`, optional `first` (1 for those who must go first and are not drawn). A draw: columns
`person,unit,wave,drawn,ticket`, in the order in which the cards were dealt.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TextIO

from core.directory.errors import WrongRow
from core.words import Text, inert
from training.cells import Cells, read_table, short
from training.errors import TableError
from training.waves.drawing import MOST_WAVES, Draw, Person, Place

COLUMNS = ("person", "unit", "wave", "drawn", "ticket")


def read_people(path: Path) -> tuple[Person, ...]:
    """The people in `path`; raises `TableError` with every wrong cell by line and column."""
    table = read_table(path, ("person", "unit"), ("first",))
    people: list[Person] = []
    problems: list[WrongRow] = []
    lines: dict[str, int] = {}
    for cells in table.cells():
        person = Person(cells.name("unit"), cells.name("person"), cells.flag("first", absent=False))
        earlier = lines.setdefault(person.person, cells.line)
        if earlier != cells.line:
            cells.wrong("person", f"đã có ở dòng {earlier}", f"stands in line {earlier} already")
        people.append(person)
        problems += cells.problems
    table.refuse(problems)
    if not people:
        raise TableError(
            Text(f"{path.name}: không có ai trong danh sách.", f"{path.name}: there is nobody in the list.")
        )
    return tuple(people)


def read_draw(path: Path) -> tuple[Place, ...]:
    """An announced draw; raises `TableError` as `read_people` does."""
    table = read_table(path, ("person", "unit", "wave", "drawn"), ("ticket",))
    places: list[Place] = []
    problems: list[WrongRow] = []
    for cells in table.cells():
        person, unit, wave = cells.name("person"), cells.name("unit"), _wave(cells)
        drawn = cells.flag("drawn", absent=False)
        places.append(Place(person, unit, wave, drawn, cells.cells.get("ticket", "")))
        problems += cells.problems
    table.refuse(problems)
    return tuple(places)


def write_draw(found: Draw, out: TextIO) -> None:
    """The draw as CSV; no cell can become a formula."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place in found.places:
        writer.writerow([inert(place.person), inert(place.unit), place.wave, int(place.drawn), place.ticket])


def _wave(cells: Cells) -> int:
    cell = cells.cells["wave"]
    if cell.isascii() and cell.isdigit() and 1 <= int(cell[:6]) <= MOST_WAVES:
        return int(cell[:6])
    cells.wrong(
        "wave",
        f"“{short(cell)}” phải là số thứ tự của đợt, từ 1 đến {MOST_WAVES}",
        f"“{short(cell)}” must be the number of a wave, from 1 to {MOST_WAVES}",
    )
    return 0
