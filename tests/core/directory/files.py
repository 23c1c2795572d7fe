"""Directory files for the tests, as a spreadsheet or a text editor would write them."""

from __future__ import annotations

from pathlib import Path

HEADER = "unit,official_id,name,title,rank,email"
FULL = f"{HEADER},parent_unit,aliases,kind,in_post_from,in_post_to"


def csv_file(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A CSV file of those rows."""
    path = folder / "officials.csv"
    path.write_bytes("\r\n".join((header, *rows, "")).encode(encoding))
    return path
