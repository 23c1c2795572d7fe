"""The tree of units that the rows of a directory file speak of.

A cell names a unit by its name; where several units bear the name, by the name and its parent, or as `name (parent)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.directory.errors import WrongRow
from core.directory.roster import Unit
from core.directory.rosterfile.rows import FileRow
from core.words import Text


@dataclass(slots=True)
class Tree:
    """Units by key, parents before children where the file allows, and the unit each line speaks of."""

    units: dict[str, Unit] = field(default_factory=dict)
    key_of_line: dict[int, str] = field(default_factory=dict)


class _UnclearError(Exception):
    """A cell that several units could be meant by."""

    def __init__(self, name: str, choices: list[str]) -> None:
        super().__init__(name)
        self.words = Text(
            f"có nhiều đơn vị tên “{name}”; cần ghi parent_unit là một trong: {', '.join(choices)}",
            f"several units bear the name “{name}”; parent_unit must say which: {', '.join(choices)}",
        )


class _CycleError(Exception):
    """A unit that lies below itself."""


def read_tree(rows: list[FileRow]) -> tuple[Tree, list[WrongRow]]:
    """The units of `rows`, and the rows whose unit is unclear, misspelt in its capitals, or below itself."""
    problems = _other_capitals(rows)
    if problems:
        return Tree(), problems
    names = _Names(rows)
    tree = Tree()
    for row in rows:
        try:
            tree.key_of_line[row.line] = names.place(row.unit, row.parent_unit, tree.units)
        except _UnclearError as unclear:
            problems.append(WrongRow(row.line, "parent_unit" if row.parent_unit else "unit", unclear.words))
        except _CycleError:
            words = Text(
                f"đơn vị “{row.unit}” không thể nằm dưới chính nó", f"the unit “{row.unit}” cannot lie below itself"
            )
            problems.append(WrongRow(row.line, "parent_unit", words))
    return tree, problems


def _other_capitals(rows: list[FileRow]) -> list[WrongRow]:
    """One unit spelt in two ways would be measured as two."""
    spelling: dict[str, str] = {}
    problems: list[WrongRow] = []
    for row in rows:
        for column, name in (("unit", row.unit), ("parent_unit", row.parent_unit)):
            first = spelling.setdefault(name.casefold(), name)
            if first != name:
                words = Text(
                    f"“{name}” ở trên viết là “{first}”; cần viết giống nhau",
                    f"“{name}” is spelt “{first}” above; please spell it the same",
                )
                problems.append(WrongRow(row.line, column, words))
    return problems


class _Names:
    """Which units bear a name, and under which parents."""

    def __init__(self, rows: list[FileRow]) -> None:
        self.parents: dict[str, dict[str, None]] = {}
        for row in rows:
            parents = self.parents.setdefault(row.unit, {})
            if row.parent_unit:
                parents[row.parent_unit] = None
                self.parents.setdefault(row.parent_unit, {})

    def place(self, name: str, parent: str, units: dict[str, Unit], above: tuple[tuple[str, str], ...] = ()) -> str:
        """The key of the unit meant by the two cells; it and its parents are put into `units`."""
        if not parent:
            name, parent = self._split(name)
        if not parent and self.parents.get(name):
            choices = list(self.parents[name])
            if len(choices) > 1:
                raise _UnclearError(name, choices)
            parent = choices[0]
        if (name, parent) in above:
            raise _CycleError
        parent_key = self.place(parent, "", units, (*above, (name, parent))) if parent else None
        key = f"{name} ({parent_key})" if parent_key and len(self.parents.get(name, ())) > 1 else name
        units.setdefault(key, Unit(key, name, parent_key))
        return key

    def _split(self, cell: str) -> tuple[str, str]:
        """A cell like `name (parent)` taken apart, where that is a name several units bear."""
        if cell.endswith(")"):
            for at, letter in enumerate(cell):
                name, parent = cell[:at].rstrip(), cell[at + 1 : -1]
                if letter == "(" and len(self.parents.get(name, ())) > 1 and parent in self.parents[name]:
                    return name, parent
        return cell, ""
