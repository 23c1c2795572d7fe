"""The first sheet of an XLSX file as rows of text cells, after looking into the archive for what would hurt.

A workbook is a zip of XML. Before it goes to the reader its parts are unpacked once within bounds: a zip bomb, an XML
entity bomb, and a cell at the far corner of the sheet (the reader would make room for everything between) are refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from core.directory.errors import RosterError
from core.directory.rosterfile.sheets import MOST_COLUMNS, MOST_ROWS, Line, too_large
from core.words import Text

MOST_UNPACKED = 300_000_000
MOST_PARTS = 2_000
CHUNK = 1 << 20
OVERLAP = 64
"""More than the longest cell reference or marker, so that none is missed between two chunks."""
FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})?([0-9]{1,9})["']""")


def workbook_rows(path: Path, content: bytes) -> list[Line]:
    """The rows of the first sheet, numbered as Excel shows them; a formula is the value it last had.

    Raises `RosterError` when the workbook is broken, too large or not honest.
    """
    _look_inside(path.name, content)
    import fastexcel

    try:
        # From the first row on: by default leading empty rows are dropped and the numbers would not be Excel's.
        sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        table = sheet.to_polars()
    except BaseException as broken:  # a panic of the reader is not an Exception
        if isinstance(broken, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise _broken(path.name, str(broken)) from broken
    return [Line(number, [_plain(cell or "") for cell in row]) for number, row in enumerate(table.iter_rows(), start=1)]


def _plain(cell: str) -> str:
    """A date without its midnight: Excel keeps a day as a moment."""
    return cell.removesuffix(" 00:00:00")


def _broken(name: str, detail: str) -> RosterError:
    return RosterError(
        Text(
            f"{name} không phải là tệp XLSX dùng được; hãy lưu lại từ Excel.",
            f"{name} is not a usable XLSX file; please save it again from Excel.",
        ),
        detail=detail,
    )


def _look_inside(name: str, content: bytes) -> None:
    """Unpacks every part within bounds and reads what would make the reader suffer."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise too_large(name)
            left = MOST_UNPACKED
            for part in parts:
                left -= _look_at(name, archive, part, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as wrong:
        raise _broken(name, str(wrong)) from wrong


def _look_at(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """The unpacked size of `part`, at most `left` bytes."""
    part.file_size = left + 2 * CHUNK  # the size it declares may be a lie; its checksum is still held at the end
    in_sheet = part.filename.lower().startswith("xl/worksheets/")
    size, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise too_large(name)
            window = tail + chunk
            if FORBIDDEN.search(window):
                raise _broken(name, f"{part.filename} declares entities")
            if in_sheet:
                _look_for_far_cells(name, window)
            tail = window[-OVERLAP:]
    return size


def _look_for_far_cells(name: str, window: bytes) -> None:
    for column, row in REFERENCE.findall(window):
        if int(row) > MOST_ROWS or _column_number(column) > MOST_COLUMNS:
            raise too_large(name)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
