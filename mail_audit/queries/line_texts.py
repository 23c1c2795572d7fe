"""The text of lines of the event store, for as long as it is kept."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.store import MissingError, Store
from core.words import Text
from mail_audit.models import LogPiece, LogSegment
from mail_audit.segments import table_key

REMOVED = Text(
    "Dòng nhật ký đã được xóa sau thời hạn lưu; con số vẫn giữ nguyên.",
    "The line was removed after the time that logs are kept; the figure stays.",
)


def with_texts(session: Session, rows: pl.DataFrame, store: Store) -> pl.DataFrame:
    """`rows` with `line` filled in from the event store, where they name a `stream`; and `removed` where it is gone.

    Evidence of an audit of files, and of copies of letters, holds its lines and comes back as it is.
    """
    if "stream" not in rows.columns:
        return rows
    found: dict[tuple[int, int], str] = {}
    for (stream,), part in rows.filter(pl.col("stream").is_not_null()).group_by("stream"):
        offsets = sorted(set(part["offset"]))
        texts = _texts(session, int(str(stream)), offsets, store)
        found.update(((int(str(stream)), offset), line) for offset, line in texts)
    lines = [found.get(place) for place in rows.select("stream", "offset").iter_rows()]
    told = rows.with_columns(line=pl.coalesce(_own_line(rows), pl.Series(lines, dtype=pl.String)))
    return told.with_columns(removed=pl.col("line").is_null(), line=pl.col("line").fill_null(""))


def _own_line(rows: pl.DataFrame) -> pl.Expr:
    """The line that evidence without a stream holds itself."""
    own = pl.col("line") if "line" in rows.columns else pl.lit(None, dtype=pl.String)
    return pl.when(pl.col("stream").is_null()).then(own)


def _texts(session: Session, stream: int, offsets: list[int], store: Store) -> Iterable[tuple[int, str]]:
    """Offset and text of the lines of a stream that are still there."""
    pieces = select(LogSegment.folder).join(LogPiece, LogPiece.segment_id == LogSegment.id)
    pieces = pieces.where(
        LogPiece.stream_id == stream,
        LogPiece.start <= offsets[-1],
        LogPiece.stop > offsets[0],
        LogSegment.removed_at.is_(None),
    )
    wanted = pl.Series("offset", offsets, dtype=pl.Int64).to_frame().lazy()
    for folder in session.scalars(pieces.distinct()):
        try:
            path = store.file(table_key(folder, "lines"))
        except MissingError:
            continue
        lines = pl.scan_parquet(path).select("offset", "line").join(wanted, on="offset", how="semi")
        yield from lines.collect().iter_rows()
