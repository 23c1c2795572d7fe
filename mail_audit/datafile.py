"""Tables as files for other programs: CSV that a spreadsheet opens cleanly, or Parquet with types.

Rows come in batches and are never held all at once. In a CSV no cell can become a formula, and an empty cell is what is
not known; in Parquet that is null.
"""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from core.errors import InputError
from core.words import Text

ENDINGS = (".csv", ".parquet")
Schema = dict[str, Any]
_FORMULA = r"^[ \u{00a0}\u{fffd}]*[=+\-@\t\r\n\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}]"
"""Text that a spreadsheet would take for a formula (as `mail_audit.report.as_csv` has it)."""
_UNSHOWABLE = r"[\x00-\x1f\x7f-\x9f\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}\u{fffe}\u{ffff}]"


def check_target(path: Path) -> None:
    """InputError where no table can be written to `path`: an unknown ending, a folder, or no folder to write in."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            Text(
                f"Không rõ dạng tệp “{path.name}”: tên tệp phải kết thúc bằng .csv hoặc .parquet.",
                f"Cannot tell the form of “{path.name}”: the name has to end with .csv or .parquet.",
            )
        )
    if path.is_dir():
        raise InputError(Text(f"“{path}” là thư mục, không phải tệp.", f"“{path}” is a folder, not a file."))
    if not path.parent.is_dir():
        raise InputError(
            Text(f"Không có thư mục “{path.parent}” để ghi.", f"There is no folder “{path.parent}” to write to.")
        )


def write(batches: Iterable[pl.DataFrame], schema: Schema, path: Path) -> int:
    """Write the batches to `path` in the form of its ending, whole or not at all; gives the number of rows.

    Raises InputError as `check_target` does, and where the disk refuses.
    """
    check_target(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".vanthu-", dir=path.parent) as folder:
            part = Path(folder) / f"table{path.suffix.lower()}"
            writer = _csv if part.suffix == ".csv" else _parquet
            rows = writer(_shaped(batches, schema), schema, part)
            part.replace(path)
    except OSError as refused:
        raise InputError(
            Text(
                f"Không ghi được vào “{path}”; hãy kiểm tra quyền ghi và chỗ trống.",
                f"“{path}” cannot be written; check the permissions and the free space.",
            ),
            detail=str(refused),
        ) from refused
    return rows


def _shaped(batches: Iterable[pl.DataFrame], schema: Schema) -> Iterator[pl.DataFrame]:
    """The batches with the columns and types of the schema."""
    for batch in batches:
        yield batch.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _csv(batches: Iterable[pl.DataFrame], schema: Schema, path: Path) -> int:
    """With a byte order mark, so that Excel reads Vietnamese, and line ends as RFC 4180 has them."""
    rows = 0
    with path.open("wb") as stream:
        stream.write(codecs.BOM_UTF8)
        pl.DataFrame(schema=schema).write_csv(stream, line_terminator="\r\n")
        for batch in batches:
            inert(batch).write_csv(stream, include_header=False, line_terminator="\r\n")
            rows += batch.height
    return rows


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with no text that a spreadsheet would run or cannot show."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    shown = [pl.col(name).str.replace_all(_UNSHOWABLE, "\ufffd") for name in texts]
    safe = [pl.when(one.str.contains(_FORMULA)).then(pl.concat_str(pl.lit("'"), one)).otherwise(one) for one in shown]
    return frame.with_columns(one.alias(name) for one, name in zip(safe, texts, strict=True))


def _parquet(batches: Iterable[pl.DataFrame], schema: Schema, path: Path) -> int:
    """Each batch as a file of its own first, then all of them streamed into one."""
    rows = 0
    pieces: list[Path] = []
    for number, batch in enumerate(batches):
        pieces.append(path.with_name(f"{number:06}.parquet"))
        batch.write_parquet(pieces[-1])
        rows += batch.height
    if pieces:
        pl.scan_parquet(pieces).sink_parquet(path)
    else:
        pl.DataFrame(schema=schema).write_parquet(path)
    return rows
