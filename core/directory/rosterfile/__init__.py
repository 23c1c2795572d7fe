"""Directory files: officials with their units, posts and mailboxes, one row each, as CSV or XLSX.

Columns `unit,official_id,name,title,rank,email`, optional `parent_unit,aliases,kind,in_post_from,in_post_to`, in any
order; other columns are left alone. A row may stand for a post, for a mailbox, for both, or only for a unit:

- An official with several posts or mailboxes stands in several rows; a row for a further mailbox needs no `rank`.
  Without `email` an official has no mailbox.
- A row with `email` and without `official_id` is a shared mailbox (or, with `kind` = service, a machine's).
- `parent_unit` needs to be said once for a unit. Where two units bear one name, every row says whose it is, or
  writes the unit as `name (parent)`.
- `rank` is leader or staff (lãnh đạo, chuyên viên, nhân viên); dates are 2026-10-31 or 31/10/2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.directory.errors import RosterError, WrongRow, wrong_rows
from core.directory.roster import Roster
from core.directory.rosterfile.assembling import assemble
from core.directory.rosterfile.rows import FileRow, read_rows
from core.directory.rosterfile.sheets import Line, read_sheet
from core.directory.rosterfile.writing import rows_of, write_roster
from core.words import Text

__all__ = ["Line", "ReadRoster", "RosterError", "read", "read_lines", "read_roster", "rows_of", "write_roster"]


@dataclass(frozen=True, slots=True)
class ReadRoster:
    """A roster read from a file, and the rows that were left out of it because they are wrong."""

    roster: Roster
    left_out: tuple[WrongRow, ...]


def read(path: Path) -> ReadRoster:
    """The roster of the rows of `path` that can be used, and what is wrong with the others.

    Raises `RosterError` when the file itself cannot be used: missing, too large, neither CSV nor XLSX, wrong columns.
    """
    return read_lines(read_sheet(path), path.name)


def read_lines(sheet: list[Line], name: str) -> ReadRoster:
    """The same for the lines of a sheet, the header first, that need not come from a file; `name` is for errors."""
    rows, problems = read_rows(sheet, name)
    roster, conflicts = _without_conflicts(rows)
    return ReadRoster(roster, tuple(sorted(problems + conflicts, key=lambda problem: problem.line)))


def read_roster(path: Path, *, skip_wrong_rows: bool = False) -> Roster:
    """The roster in `path`.

    Raises `RosterError` as `read` does, and for any wrong row, unless those are to be skipped.
    """
    found = read(path)
    if found.left_out and not skip_wrong_rows:
        raise wrong_rows(path.name, found.left_out)
    if not found.roster.units:
        raise RosterError(
            Text(f"{path.name}: không có dòng nào dùng được.", f"{path.name}: there is no row that can be used.")
        )
    return found.roster


def _without_conflicts(rows: list[FileRow]) -> tuple[Roster, list[WrongRow]]:
    """Leaves out the rows that contradict others until none do: a row left out may leave another without its unit."""
    problems: list[WrongRow] = []
    while True:
        roster, conflicts = assemble(rows)
        if not conflicts:
            return roster, problems
        problems.extend(conflicts)
        wrong = {problem.line for problem in conflicts}
        rows = [row for row in rows if row.line not in wrong]
