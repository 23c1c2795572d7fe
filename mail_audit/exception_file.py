"""Files of exceptions (CSV or XLSX), as a personnel office has its leave lists: one row an exception.

Columns `official_id,kind,first,last`, optional `note,address,delegate`, in any order; other columns are left alone.
`kind` is leave, sickness, shared_station or agreed_delegate, or its Vietnamese word; days are 2026-10-31 or 31/10/2026;
an empty `last` means until it is ended.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from core.directory.errors import WrongRow, wrong_rows
from core.directory.rosterfile.rows import clean
from core.directory.rosterfile.sheets import Line, read_sheet
from core.words import Text
from mail_audit.errors import ExceptionInputError
from mail_audit.usage.exceptions import Exemption, Kind
from mail_audit.written import LONGEST, cleaned

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
REQUIRED = ("official_id", "kind", "first", "last")
OPTIONAL = ("note", "address", "delegate")
KIND_NAMES: dict[str, Kind] = {
    "leave": "leave",
    "nghỉ phép": "leave",
    "nghỉ": "leave",
    "sickness": "sickness",
    "nghỉ ốm": "sickness",
    "ốm": "sickness",
    "nghỉ thai sản": "leave",
    "shared_station": "shared_station",
    "máy dùng chung": "shared_station",
    "agreed_delegate": "agreed_delegate",
    "làm thay theo thống nhất": "agreed_delegate",
    "ủy quyền": "agreed_delegate",
}
"""How a file may call a kind, in small letters."""
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One row whose cells are right by themselves; whether the people are in the directory is seen later."""

    line: int
    official_id: str
    kind: Kind
    first: date
    last: date | None
    note: str
    address: str | None
    delegate: str | None


def read_exceptions(path: Path) -> tuple[ExceptionRow, ...]:
    """The rows of `path`; every wrong one is named by line and column, and then nothing is read.

    Raises `RosterError` (an InputError) for a file that is neither CSV nor XLSX, or for wrong rows, and
    ExceptionInputError for missing columns.
    """
    sheet = read_sheet(path)
    places = _places(sheet[0], path.name)
    rows: list[ExceptionRow] = []
    problems: list[WrongRow] = []
    for line in sheet[1:]:
        cells = {name: clean(line.cells[at]) if at < len(line.cells) else "" for name, at in places.items()}
        if any(cells.values()):
            found, wrong = _row(line.number, cells)
            problems += wrong
            if found is not None:
                rows.append(found)
    if problems:
        raise wrong_rows(path.name, problems)
    return tuple(rows)


def exemptions_in(path: Path, numbers: Collection[str]) -> tuple[Exemption, ...]:
    """The exceptions of a file for an audit without a database: recorded by whoever wrote the file.

    `numbers` are those of the officials of the directory. Raises as `read_exceptions` and `refuse_strangers` do.
    """
    rows = read_exceptions(path)
    refuse_strangers(rows, numbers, path.name)
    return tuple(
        Exemption(row.official_id, row.kind, row.first, row.last, row.note, path.name, row.address, row.delegate)
        for row in rows
    )


def refuse_strangers(rows: Sequence[ExceptionRow], numbers: Collection[str], file: str) -> None:
    """Raises `RosterError` naming the rows whose people are not in the directory, or whose days are none of ours."""
    problems = [
        WrongRow(row.line, column, Text(f"danh bạ không có mã {number}", f"no number {number} in the directory"))
        for row in rows
        for column, number in (("official_id", row.official_id), ("delegate", row.delegate))
        if number is not None and number not in numbers
    ]
    same = Text("người làm thay phải là người khác", "the delegate must be somebody else")
    problems += [WrongRow(row.line, "delegate", same) for row in rows if row.delegate == row.official_id]
    far = Text("ngày ngoài khoảng 2000–2100", "a day outside 2000–2100")
    problems += [
        WrongRow(row.line, "first", far)
        for row in rows
        if not (EARLIEST <= row.first <= LATEST and (row.last is None or row.last <= LATEST))
    ]
    if problems:
        raise wrong_rows(file, sorted(problems, key=lambda problem: problem.line))


def station_address(text: str) -> str | None:
    """The IP address in `text` in its usual spelling; None where there is none."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


def _places(header: Line, file: str) -> dict[str, int]:
    names = [clean(cell).lower().replace(" ", "_") for cell in header.cells]
    missing = [name for name in REQUIRED if names.count(name) != 1]
    if missing:
        need = ",".join(REQUIRED)
        raise ExceptionInputError(
            Text(
                f"{file}: cần mỗi cột sau đây đúng một lần: {', '.join(missing)}. Các cột bắt buộc: {need}.",
                f"{file}: needs each of these columns once: {', '.join(missing)}. The columns needed are {need}.",
            )
        )
    return {name: names.index(name) for name in (*REQUIRED, *OPTIONAL) if name in names}


def _row(number: int, cells: dict[str, str]) -> tuple[ExceptionRow | None, list[WrongRow]]:
    problems: list[WrongRow] = []

    def wrong(column: str, vi: str, en: str) -> None:
        problems.append(WrongRow(number, column, Text(vi, en)))

    kind = KIND_NAMES.get(cells["kind"].lower())
    if kind is None:
        names = ", ".join(KIND_NAMES)
        wrong("kind", f"phải là một trong: {names}", f"must be one of: {names}")
    if not cells["official_id"]:
        wrong("official_id", "thiếu mã cán bộ", "the official's number is missing")
    first, last = _day(cells["first"]), _day(cells["last"])
    if first is None:
        wrong("first", "cần một ngày như 2026-10-31 hoặc 31/10/2026", "needs a day like 2026-10-31 or 31/10/2026")
    if cells["last"] and last is None:
        wrong("last", "cần một ngày như 2026-10-31 hoặc 31/10/2026", "needs a day like 2026-10-31 or 31/10/2026")
    if first is not None and last is not None and last < first:
        wrong("last", "ngày cuối trước ngày đầu", "the last day is before the first")
    address = station_address(cells.get("address", "")) if cells.get("address") else None
    if (kind == "shared_station") != (address is not None):
        wrong("address", "cần địa chỉ IP khi và chỉ khi là máy dùng chung", "an IP address with shared_station only")
    delegate = cells.get("delegate") or None
    if (kind == "agreed_delegate") != (delegate is not None):
        wrong("delegate", "cần mã người làm thay khi và chỉ khi là làm thay", "a number with agreed_delegate only")
    note = cleaned(cells.get("note", ""))
    if len(note) > LONGEST:
        wrong("note", f"dài quá {LONGEST} ký tự", f"longer than {LONGEST} characters")
    if problems or kind is None or first is None:
        return None, problems
    return ExceptionRow(number, cells["official_id"], kind, first, last, note, address, delegate), problems


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None
