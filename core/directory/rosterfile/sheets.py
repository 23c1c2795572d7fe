"""A file's bytes as rows of text cells with their line numbers: CSV as Excel and others write it, or XLSX.

Nothing here knows what a column means. Everything is bounded before it is read: a directory is a few megabytes at most.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from core.directory.errors import RosterError
from core.words import Text

MOST_BYTES = 30_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
DELIMITERS = ",;\t"
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row; `number` is the line where it begins, counted from 1 as editors and Excel do."""

    number: int
    cells: list[str]


def read_sheet(path: Path) -> list[Line]:
    """The rows of `path` that hold anything, the header first.

    Raises `RosterError` when the file is missing, too large, or neither CSV nor XLSX.
    """
    content = _bytes_of(path)
    if content.startswith(ZIP_MAGIC):
        from core.directory.rosterfile.workbooks import workbook_rows

        numbered = workbook_rows(path, content)
    elif content.startswith(OLE_MAGIC):
        raise RosterError(
            Text(
                f"{path.name} là tệp Excel cũ hoặc có mật khẩu; hãy lưu lại dạng XLSX hoặc CSV.",
                f"{path.name} is an old or encrypted Excel file; please save it as XLSX or CSV.",
            )
        )
    else:
        numbered = _csv_rows(path.name, _decode(path.name, content))
    lines = [line for line in numbered if any(cell.strip() for cell in line.cells)]
    if not lines:
        raise RosterError(Text(f"{path.name} không có dòng nào.", f"{path.name} is empty."))
    return lines


def _bytes_of(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would be waited for without end
            raise RosterError(Text(f"{path} không phải tệp thường.", f"{path} is not a regular file."))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as missing:
        raise RosterError(Text(f"Không có tệp {path}.", f"There is no file {path}.")) from missing
    except IsADirectoryError as folder:
        raise RosterError(Text(f"{path} là thư mục, không phải tệp.", f"{path} is a folder, not a file.")) from folder
    except (OSError, ValueError) as refused:
        raise RosterError(
            Text(f"Không đọc được tệp {path}.", f"The file {path} cannot be read."), detail=str(refused)
        ) from refused
    if len(content) > MOST_BYTES:
        raise too_large(path.name)
    return content


def too_large(name: str) -> RosterError:
    """The refusal of a file that no table of a government's people could be."""
    return RosterError(
        Text(
            f"{name} quá lớn (tối đa {MOST_BYTES // 1_000_000} MB, {MOST_ROWS:,} dòng).",
            f"{name} is too large (at most {MOST_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows).",
        )
    )


def _decode(name: str, content: bytes) -> str:
    encoding = next((encoding for bom, encoding in BOMS.items() if content.startswith(bom)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as wrong:
        if b"\x00" in content[:4096]:
            raise _not_a_directory(name) from wrong
        line = content.count(b"\n", 0, wrong.start) + 1
        raise RosterError(
            Text(
                f"{name}, dòng {line}: không phải UTF-8; hãy lưu lại dạng “CSV UTF-8”.",
                f"{name}, line {line}: not UTF-8; please save it as “CSV UTF-8”.",
            )
        ) from wrong
    if "\x00" in text:
        raise _not_a_directory(name)
    return text


def _not_a_directory(name: str) -> RosterError:
    return RosterError(
        Text(f"{name} không phải là tệp CSV hoặc XLSX.", f"{name} is neither a CSV nor an XLSX file."),
    )


def _csv_rows(name: str, text: str) -> list[Line]:
    start = 1
    if text[:4].lower() == "sep=":  # Excel's own hint; the delimiter is found anyway
        text, start = text.partition("\n")[2], 2
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    number = start
    try:
        for cells in reader:
            if len(lines) > MOST_ROWS:
                raise too_large(name)
            lines.append(Line(number, cells[:MOST_COLUMNS]))
            number = reader.line_num + start
    except csv.Error as wrong:
        raise RosterError(
            Text(
                f"{name}, dòng {number}: dấu ngoặc kép không khép đúng, hoặc ô quá dài.",
                f"{name}, line {number}: a quotation mark is not closed properly, or a cell is too long.",
            ),
            detail=str(wrong),
        ) from wrong
    return lines
